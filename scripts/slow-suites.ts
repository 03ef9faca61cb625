/** The suites that take minutes and are not part of `npm test`: one row each, run by name. */

type SlowSuite = {
  readonly about: string;
  /** A program of its own, from the root of the repository. Without one, the Vitest project of the suite's name runs. */
  readonly program?: string;
};

export const slowSuites = {
  alerts: { about: 'days and nights played against the alert rules' },
  clients: { about: 'the SDK for Python and the example page of an LMS; needs Python, Chromium and a network' },
  collector: { about: 'the Collector, built by its own builder and run; needs Go' },
  documents: {
    about: "word by word, Debian's manuals as the readers read them; needs apt-get and a network",
    program: 'test/documents/real-files.ts',
  },
  faults: {
    about: 'servers killed, networks cut, a disk filled under load: --seed N --faults N',
    program: 'test/faults/run.ts',
  },
  helm: { about: 'the Helm chart, rendered, validated and run; needs Go' },
  'large-sync': { about: 'ten thousand documents of a remote source' },
  migrations: { about: 'migrations of loaded tables and of existing LMS databases, up and down, under traffic' },
  newcomer: { about: 'clone, npm ci, npm start, one question, Ctrl-C', program: 'test/newcomer.ts' },
  pages: { about: 'the pages in Chromium' },
  paging: { about: 'every incident until Alertmanager sends the page and resolves it' },
  prometheus3: {
    about: 'the rules on Prometheus 3, built from its module; needs Go',
    program: 'test/prometheus3/run.ts',
  },
  sdks: { about: 'SDKs of other frameworks from their registries, sending turns; needs Python and a network' },
  vmalert: { about: 'the rules on VictoriaMetrics, built from its module; needs Go' },
  volume: {
    about: "every SQL target of the dashboards on a tenth of a year's rows: --scale N --data-dir DIR",
    program: 'test/volume/run.ts',
  },
} as const satisfies Record<string, SlowSuite>;

/** @returns the program and its arguments, from the root of the repository; null: no suite has this name */
export function slowSuiteCommand(name: string): readonly [string, ...string[]] | null {
  const suite = Object.entries<SlowSuite>(slowSuites).find(([key]) => key === name)?.[1];
  if (suite === undefined) return null;
  if (suite.program !== undefined) return [suite.program];
  return ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.slow.config.ts', '--project', name];
}

export function listSlowSuites(): string {
  const rows = Object.entries(slowSuites).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`);
  return ['Usage: npm run test:slow -- NAME [ARGUMENT…]', '', ...rows].join('\n');
}
