/** PROGRAM of a process of `parser-pool.ts`: runs one function on untrusted input after another. */
import { Worker } from 'node:worker_threads';
import { SourceError, SourceUnreadable } from '../source-error.ts';

export type IsolatedCall = {
  /** URL of the module that exports the function. */
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
  /** Resident memory of the whole process, in MiB. */
  readonly memory: number;
};

/** Errors lose their class on the way out of a process, so a refusal is data. */
export type IsolatedResult =
  | { readonly result: unknown }
  | { readonly refused: string; readonly until: 'it changes' | 'it is tried again' };

let isWatched = false;

export default async function run({ module, name, input, memory }: IsolatedCall): Promise<IsolatedResult> {
  if (!isWatched) watchMemory(memory);
  isWatched = true;
  try {
    const exported: Record<string, (input: unknown) => unknown> = await import(module);
    const wanted = exported[name];
    if (wanted === undefined) throw new Error(`${module} exports no ${name}`);
    return { result: await wanted(input) };
  } catch (error) {
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      return { refused: 'is nested too deeply to be read', until: 'it changes' };
    }
    if (!(error instanceof SourceError)) throw error;
    return { refused: error.message, until: error instanceof SourceUnreadable ? 'it changes' : 'it is tried again' };
  }
}

/**
 * Ends the process when its resident memory, buffers and native memory included, exceeds the limit. In a thread, because a
 * parser that takes memory does not let the event loop run.
 */
function watchMemory(memory: number): void {
  const program = `
    const most = ${memory} * 1024 * 1024;
    setInterval(() => { if (process.memoryUsage.rss() > most) process.kill(process.pid, 'SIGKILL'); }, 20);
  `;
  const thread = new Worker(program, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 }, execArgv: [] });
  thread.unref();
}
