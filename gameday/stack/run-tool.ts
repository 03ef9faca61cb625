/** Runs a program of others on a leash: it ends when this process does, however this process ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export type Tool = {
  /** Resolves when `ready` answers 200. @throws {Error} when it ends before, or takes too long */
  readonly start: () => Promise<void>;
  /** Does nothing where it does not run. */
  readonly stop: () => Promise<void>;
};

type Given = {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it writes is appended there. */
  readonly log: string;
  readonly ready: string;
};

const patienceMs = 60_000;

/** The shell holds the other end of our pipe; when that closes, whoever closed it, the program is told to end. */
const leash = 'exec 3<&0; "$@" 3<&- & tool=$!; { cat <&3 >/dev/null; kill "$tool" 2>/dev/null; } & wait "$tool"';

export function toolOnLeash({ name, file, args, env, log, ready }: Given): Tool {
  let child: ChildProcess | null = null;
  return {
    async start() {
      if (child !== null) return;
      const out = openSync(log, 'a', 0o600);
      const started = spawn('sh', ['-c', leash, name, file, ...args], {
        env,
        stdio: ['pipe', out, out],
        detached: true,
      });
      closeSync(out); // the program has its own
      started.stdin?.on('error', () => {}); // it has ended, and with it its end of the pipe
      child = started;
      started.on('exit', () => {
        started.stdin?.destroy();
        if (child === started) child = null;
      });
      const giveUpAt = performance.now() + patienceMs;
      while (!(await answers(ready))) {
        if (child === null) throw new Error(`${name} ended right after its start: see ${log}`);
        if (performance.now() > giveUpAt) throw new Error(`${name} does not answer at ${ready}: see ${log}`);
        await pause(50);
      }
    },
    async stop() {
      const ending = child;
      if (ending === null) return;
      const gone = once(ending, 'exit');
      ending.stdin?.end();
      await gone;
    },
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
