/** Runs one of our programs in its own process, which can be killed and restarted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

export type NodeProgram = {
  /** Resolves when it reports that it is ready. @throws {Error} when it exits before that */
  readonly start: () => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and SIGKILL after `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
};

type Options = {
  readonly name: string;
  readonly nodeArguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file that its output is appended to. */
  readonly log: string;
};

/** It exits when this process does, because its IPC channel closes. */
export function nodeProgram({ name, nodeArguments, env, log }: Options): NodeProgram {
  let child: ChildProcess | null = null;

  async function end(signal: NodeJS.Signals, graceMs?: number): Promise<void> {
    const ending = child;
    if (ending === null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    const forceStop = graceMs === undefined ? undefined : setTimeout(() => ending.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(forceStop);
  }

  return {
    async start() {
      if (child !== null) return;
      const out = openSync(log, 'a', 0o600);
      const started = spawn(process.execPath, nodeArguments, {
        env,
        stdio: ['ignore', out, out, 'ipc'],
        detached: true,
      });
      closeSync(out); // the program has inherited it
      child = started;
      const ended = once(started, 'exit').then(() => {
        if (child === started) child = null;
        throw new Error(`the ${name} exited during startup: see ${log}`);
      });
      await Promise.race([once(started, 'message'), ended]);
      ended.catch(() => {}); // once it is ready, an exit is either wanted or reported by the alerts
    },
    kill: () => end('SIGKILL'),
    stop: (graceMs) => end('SIGTERM', graceMs),
  };
}
