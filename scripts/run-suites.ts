/** Runs suites in parallel lanes: each suite's output is printed whole when it ends, and every suite runs whatever failed before. */
import { spawn } from 'node:child_process';

export type Suite = { readonly name: string; readonly command: readonly [string, ...string[]] };
/** Suites that run one after the other. */
export type Lane = readonly Suite[];

/** `code`: the exit code; 128 and more: ended by a signal; 127: could not be started. */
export type SuiteResult = { readonly name: string; readonly code: number; readonly seconds: number };

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

async function runSuite(
  { name, command: [program, ...args] }: Suite,
  print: (text: string) => void,
): Promise<SuiteResult> {
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
  const result = { name, code, seconds: (performance.now() - begun) / 1_000 };
  print(`\n== ${describe(result)}\n${Buffer.concat(output).toString().trimEnd()}`);
  return result;
}

/** The last line counts the suites. */
export function summarise(results: readonly SuiteResult[]): string {
  const failed = results.filter(({ code }) => code !== 0).length;
  return [...results.map(describe), `${results.length - failed} passed, ${failed} failed`].join('\n');
}

function describe({ name, code, seconds }: SuiteResult): string {
  return `${code === 0 ? 'passed' : 'FAILED'}  ${name}  ${seconds.toFixed(0)} s  exit code ${code}`;
}
