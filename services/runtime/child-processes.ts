/** Runs programs as children that end together: when one of them ends, when told to, and when this process dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

export type Program = {
  readonly name: string;
  readonly nodeArguments: readonly string[];
  /** Beside the environment that all of them get. */
  readonly env?: NodeJS.ProcessEnv;
};
export type Ended = { readonly name: string; readonly code: number; readonly reason: string };
type RunningPrograms = {
  /** Resolves when the named program has sent `ready` over its IPC channel; never, if it ends before. */
  ready(name: string): Promise<void>;
  /** The first program that ended on its own. `code` is never 0: a program that should run ended. */
  readonly ended: Promise<Ended>;
  /** SIGTERM to all; SIGKILL to those that still run after `drainMs`, or as soon as `hurried` resolves. */
  stop(drainMs: number, hurried: Promise<void>): Promise<void>;
};

/**
 * Each child gets an IPC channel; its `disconnect` event tells it that this process has died, however it died. It runs in
 * a process group of its own: a Ctrl-C at the terminal reaches this process alone, which then stops the children in order.
 * @param env the children's environment
 */
export function runPrograms(programs: readonly Program[], env: NodeJS.ProcessEnv): RunningPrograms {
  const firstEnd = Promise.withResolvers<Ended>();
  const children = programs.map(({ name, nodeArguments, env: own }) => {
    const child = spawn(process.execPath, nodeArguments, {
      env: { ...env, ...own },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const gone = Promise.withResolvers<void>();
    const end = (code: number, reason: string) => {
      gone.resolve();
      firstEnd.resolve({ name, code: code === 0 ? 1 : code, reason });
    };
    child.on('error', (error) => {
      if (child.pid === undefined) end(1, error.message); // it could not be started
    });
    child.on('exit', (code, signal) => {
      if (signal === null) end(code ?? 1, `exit code ${code}`);
      else end(128 + (constants.signals[signal] ?? 0), `signal ${signal}`);
    });
    const ready = new Promise<void>((resolve) => {
      child.on('message', (message) => message === 'ready' && resolve());
    });
    return { name, child, gone: gone.promise, ready };
  });
  return {
    ready: (name) => children.find((entry) => entry.name === name)?.ready ?? Promise.reject(new Error(`no ${name}`)),
    ended: firstEnd.promise,
    async stop(drainMs, hurried) {
      const allGone = Promise.all(children.map(({ gone }) => gone));
      for (const { child } of children) signal(child, 'SIGTERM');
      const abort = new AbortController();
      const tooLong = pause(drainMs, undefined, { signal: abort.signal }).catch(() => {});
      await Promise.race([allGone, tooLong, hurried]);
      abort.abort();
      for (const { child } of children) signal(child, 'SIGKILL');
      await allGone;
    },
  };
}

function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.exitCode === null && child.signalCode === null) child.kill(name);
}
