/** Runs suites in parallel lanes: each suite's output is printed whole when it ends, and every suite runs whatever failed before. */
import { spawn } from 'node:child_process';

export type Suite = { readonly name: string; readonly command: readonly [string, ...string[]] };
/** Suites that run one after the other. */
export type Lane = readonly Suite[];

/** `code`: the exit code; 128 and more: ended by a signal; 127: could not be started. */
export type SuiteResult = {
  readonly suite: Suite;
  readonly code: number;
  readonly seconds: number;
  readonly output: string;
  /** How often it ran. A second run is alone. */
  readonly runs: number;
};

/** @param print gets whole lines of text */
export async function runLanes(lanes: readonly Lane[], print: (text: string) => void): Promise<readonly SuiteResult[]> {
  const results = await Promise.all(
    lanes.map(async (lane) => {
      const done: SuiteResult[] = [];
      for (const suite of lane) done.push(await runSuite(suite, print));
      return done;
    }),
  );
  return results.flat();
}

/**
 * Runs each failed suite once more, alone: a suite that only fails beside others shows that it measures time on a busy
 * machine, and the summary says so. What fails twice has failed.
 */
export async function repeatFailed(
  results: readonly SuiteResult[],
  print: (text: string) => void,
): Promise<readonly SuiteResult[]> {
  const final: SuiteResult[] = [];
  for (const result of results) {
    final.push(result.code === 0 ? result : { ...(await runSuite(result.suite, print)), runs: 2 });
  }
  return final;
}

async function runSuite(suite: Suite, print: (text: string) => void): Promise<SuiteResult> {
  const {
    name,
    command: [program, ...args],
  } = suite;
  print(`-- ${name} started`);
  const begun = performance.now();
  const output: Buffer[] = [];
  const code = await new Promise<number>((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => {
      output.push(Buffer.from(error.message));
      resolve(127);
    });
    child.on('close', (exitCode) => resolve(exitCode ?? 128));
  });
  const text = Buffer.concat(output).toString().trimEnd();
  const result = { suite, code, seconds: (performance.now() - begun) / 1_000, output: text, runs: 1 };
  print(`\n== ${describe(result)}\n${text}`);
  return result;
}

const lastLines = 60;

/** The end of what each failed suite printed, then a line for each suite. The last line counts them. */
export function summarise(results: readonly SuiteResult[]): string {
  const failed = results.filter(({ code }) => code !== 0);
  return [
    ...failed.map((result) => `== ${describe(result)}\n${result.output.split('\n').slice(-lastLines).join('\n')}\n`),
    ...results.map(describe),
    `${results.length - failed.length} passed, ${failed.length} failed`,
  ].join('\n');
}

function describe({ suite, code, seconds, runs }: SuiteResult): string {
  const verdict = code === 0 ? 'passed' : 'FAILED';
  const again = runs === 1 ? '' : code === 0 ? ', alone, after it failed beside others' : ', a second time';
  return `${verdict}  ${suite.name}  ${seconds.toFixed(0)} s  exit code ${code}${again}`;
}
