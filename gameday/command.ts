/** `cli -- gameday INCIDENT`: injects an incident into a running stack and reports which alerts fired. */
import type { Command } from 'commander';
import { showProgress, type Terminal } from '../services/commands/progress.ts';
import { findStack, type StackFlags } from './find-stack.ts';
import { incidentNamed, incidents } from './incidents.ts';
import { printReport } from './report.ts';
import { runIncident } from './run-incident.ts';
import { gamedayFolder, readControlFile } from './stack/control-file.ts';

/** As commander parses them. */
export type GamedayFlags = StackFlags & { readonly json?: boolean; readonly wait?: string };

type Options = {
  readonly dataDir: string;
  /** Prints the report. */
  readonly write: (text: string) => void;
  readonly terminal: Terminal;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
};

/** At scale 1: twice what the slowest expected alert takes with little traffic. */
const defaultWaitMs = 3 * 3_600_000;
const minWaitMs = 60_000;

/** Adds the command's options and help. */
export function describeGameday(command: Command): Command {
  return command
    .description('inject an incident into a stack that `npm run gameday` started, and report which alerts fire')
    .argument('<incident>', incidents.map(({ name }) => name).join(', '))
    .option('--json', 'print the report as JSON')
    .option(
      '--wait <seconds>',
      'limit of each wait: until no alert fires, until the pages arrive, until the alerts resolve',
    )
    .option('--prometheus <url>', 'Prometheus of another environment, whose model server is `npm run gameday:model`')
    .option('--alertmanager <url>', 'Alertmanager of the same environment')
    .option('--yes-really', 'run in that environment although it was not started for game days')
    .addHelpText(
      'after',
      `\n${incidents.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join('\n')}\n\n` +
        'The stack recovers at the end, and also on Ctrl-C. The exit code is 1 if an expected alert did not notify or resolve.\n' +
        'See docs/gamedays.md.',
    );
}

/**
 * @returns the exit code
 * @throws {Error} with what to do: there is no such incident, no stack for it, or the stack stopped replying
 */
export async function runGameday(name: string, flags: GamedayFlags, options: Options): Promise<number> {
  const { dataDir, write, terminal, clock, signal } = options;
  const incident = incidentNamed(name);
  if (incident === undefined) {
    throw new Error(`Unknown incident "${name}". Choose one of: ${incidents.map((each) => each.name).join(', ')}`);
  }
  const requestedMs = flags.wait === undefined ? null : 1_000 * parseDuration(flags.wait);
  const stack = await findStack(incident, flags, { address: readControlFile(gamedayFolder(dataDir)), dataDir });
  const waitMs = requestedMs ?? Math.max(minWaitMs, defaultWaitMs * stack.scale);
  const progress = showProgress(terminal, clock);
  const width = terminal.columns === undefined ? undefined : terminal.columns - 1;
  try {
    const report = await runIncident(incident, stack, {
      waitMs,
      signal,
      onProgress: (line) => progress.update(line.slice(0, width)),
      now: () => Date.now(),
    });
    progress.end();
    write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : `${printReport(report)}\n`);
    return report.failures.length === 0 ? 0 : 1;
  } finally {
    progress.end();
  }
}

function parseDuration(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`--wait must be a whole number of seconds, not "${text}"`);
}
