/** Runs an external program that always ends with this process, even when this process is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export type ExternalProcess = {
  /** Resolves when `ready` returns 200. @throws {Error} when it exits before that, or takes too long */
  readonly start: () => Promise<void>;
  /** Does nothing where it is not running. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file that its output is appended to. */
  readonly log: string;
  readonly ready: string;
};

const timeoutMs = 60_000;

/** The shell reads from a pipe of this process. When the pipe closes, for any reason, the shell terminates the program. */
const supervisor = 'exec 3<&0; "$@" 3<&- & tool=$!; { cat <&3 >/dev/null; kill "$tool" 2>/dev/null; } & wait "$tool"';

export function externalProcess({ name, file, args, env, log, ready }: Options): ExternalProcess {
  let child: ChildProcess | null = null;
  return {
    async start() {
      if (child !== null) return;
      const out = openSync(log, 'a', 0o600);
      const started = spawn('sh', ['-c', supervisor, name, file, ...args], {
        env,
        stdio: ['pipe', out, out],
        detached: true,
      });
      closeSync(out); // the program has inherited it
      started.stdin?.on('error', () => {}); // it has exited and closed its end of the pipe
      child = started;
      started.on('exit', () => {
        started.stdin?.destroy();
        if (child === started) child = null;
      });
      const deadline = performance.now() + timeoutMs;
      while (!(await answers(ready))) {
        if (child === null) throw new Error(`${name} exited during startup: see ${log}`);
        if (performance.now() > deadline) throw new Error(`${name} is not ready at ${ready}: see ${log}`);
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
