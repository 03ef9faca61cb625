/** Runs one of our programs in a process of its own, which can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

export type NodeProgram = {
  /** Resolves when it says that it is ready. @throws {Error} when it ends before */
  readonly start: () => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and SIGKILL after `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
};

type Given = {
  readonly name: string;
  readonly nodeArguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it writes is appended there. */
  readonly log: string;
};

/** It ends by itself when this process does: its IPC channel closes. */
export function nodeProgram({ name, nodeArguments, env, log }: Given): NodeProgram {
  let child: ChildProcess | null = null;

  async function end(signal: NodeJS.Signals, graceMs?: number): Promise<void> {
    const ending = child;
    if (ending === null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    const hurry = graceMs === undefined ? undefined : setTimeout(() => ending.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(hurry);
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
      closeSync(out); // the program has its own
      child = started;
      const ended = once(started, 'exit').then(() => {
        if (child === started) child = null;
        throw new Error(`the ${name} ended right after its start: see ${log}`);
      });
      await Promise.race([once(started, 'message'), ended]);
      ended.catch(() => {}); // once it is ready, its end is what somebody wanted or what the alerts tell
    },
    kill: () => end('SIGKILL'),
    stop: (graceMs) => end('SIGTERM', graceMs),
  };
}
