/** Runs child processes that stop together: when one exits, on request, or when this process dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

export type Program = {
  readonly name: string;
  readonly nodeArguments: readonly string[];
  /** Added to the shared environment. */
  readonly env?: NodeJS.ProcessEnv;
};
export type Ended = { readonly name: string; readonly code: number; readonly reason: string };
type RunningPrograms = {
  /** Resolves when the program sends `ready` over its IPC channel; never if it exits first. */
  ready(name: string): Promise<void>;
  /** The first program that exited on its own. `code` is never 0, because it should have kept running. */
  readonly ended: Promise<Ended>;
  /** Sends SIGTERM, then SIGKILL after `drainMs` or as soon as `forced` resolves. */
  stop(drainMs: number, forced: Promise<void>): Promise<void>;
};

/**
 * Each child has an IPC channel, whose `disconnect` event signals that this process died. Each runs in its own process
 * group, so that Ctrl-C at the terminal reaches only this process, which then stops the children in order.
 * @param env shared by all children
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
    const exited = Promise.withResolvers<void>();
    const end = (code: number, reason: string) => {
      exited.resolve();
      firstEnd.resolve({ name, code: code === 0 ? 1 : code, reason });
    };
    child.on('error', (error) => {
      if (child.pid === undefined) end(1, error.message); // spawn failed
    });
    child.on('exit', (code, signal) => {
      if (signal === null) end(code ?? 1, `exit code ${code}`);
      else end(128 + (constants.signals[signal] ?? 0), `signal ${signal}`);
    });
    const ready = new Promise<void>((resolve) => {
      child.on('message', (message) => message === 'ready' && resolve());
    });
    return { name, child, exited: exited.promise, ready };
  });
  return {
    ready: (name) => children.find((entry) => entry.name === name)?.ready ?? Promise.reject(new Error(`no ${name}`)),
    ended: firstEnd.promise,
    async stop(drainMs, forced) {
      const allExited = Promise.all(children.map(({ exited }) => exited));
      for (const { child } of children) signal(child, 'SIGTERM');
      const abort = new AbortController();
      const drainTimeout = pause(drainMs, undefined, { signal: abort.signal }).catch(() => {});
      await Promise.race([allExited, drainTimeout, forced]);
      abort.abort();
      for (const { child } of children) signal(child, 'SIGKILL');
      await allExited;
    },
  };
}

function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.exitCode === null && child.signalCode === null) child.kill(name);
}
