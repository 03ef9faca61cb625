/** Runs child processes for tests, with access to their output lines. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll } from 'vitest';

export type TestChild = {
  readonly process: ChildProcess;
  /** Its standard output and standard error so far. */
  readonly written: () => string;
  /** @returns the first past or future line of standard output that matches; throws when the program exits without one */
  line(pattern: RegExp): Promise<string>;
  /** @returns its exit code or the signal that killed it */
  ended(): Promise<number | string>;
};

const running = new Set<ChildProcess>();

/** Call it at the top of a test file: kills the remaining children after the last test. */
export function killLeftovers(): void {
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
  });
}

export function startChild(file: string, args: readonly string[], options: SpawnOptions = {}): TestChild {
  const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the child process has no output');
  running.add(child);
  const lines: string[] = [];
  let written = '';
  let woken = Promise.withResolvers<void>();
  const wake = () => {
    woken.resolve();
    woken = Promise.withResolvers();
  };
  createInterface(stdout).on('line', (line) => {
    lines.push(line);
    written += `${line}\n`;
    wake();
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  let over = false;
  const close = once(child, 'close').then(([code, signal]) => {
    over = true;
    running.delete(child);
    wake();
    return (code ?? signal) as number | string;
  });
  return {
    process: child,
    written: () => written,
    ended: () => close,
    async line(pattern) {
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        if (over) throw new Error(`the program exited without a line like ${pattern}:\n${written}`);
        await woken.promise;
      }
    },
  };
}
