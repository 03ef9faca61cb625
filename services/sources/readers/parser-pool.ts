/**
 * Reads documents in processes of their own: a small file can be made so that its reader never ends, or takes all memory.
 * Such a file ends the process that reads it; leases, health and questions go on meanwhile. Not in threads: where one of
 * those is out of memory, V8 may end the whole program.
 */
import Tinypool from 'tinypool';
import { createLine } from '../concurrency-limit.ts';
import { SourceError, SourceUnreadable } from '../source-error.ts';
import type { Extracted } from '../text/block.ts';
import type { Reading } from './parser-process.ts';
import type { Readable } from './read-by-format.ts';

export type ReadApart = (given: Readable) => Promise<Extracted>;

export type ReadingLimits = {
  /** For one document, from when it has its turn. Milliseconds. */
  readonly timeMs: number;
  /** Of what JavaScript holds in one process, in MiB. */
  readonly memory: number;
};

/** A PDF of a thousand pages takes some tens of seconds on a busy machine. */
const usualLimits: ReadingLimits = { timeMs: 300_000, memory: 1_024 };
/** As many as a sync reads at once. */
const mostProcesses = 4;
/** A process that has nothing to do for so long ends, and gives its memory back. Milliseconds. */
const idleMs = 30_000;

/** No process runs before there is something to read, and none keeps the program from ending. */
export function createReadApart({ timeMs, memory }: ReadingLimits): ReadApart {
  // Not the pool's own queue: where a document ended the last process, it would leave the others in it for ever.
  const inLine = createLine(mostProcesses);
  const underWay = new Set<AbortController>();
  const processes = new Tinypool({
    runtime: 'child_process',
    filename: new URL('./parser-process.ts', import.meta.url),
    minThreads: 0,
    maxThreads: mostProcesses,
    idleTimeout: idleMs,
    // Bytes stay bytes on the way.
    serialization: 'advanced',
    // Nothing of the program's own start, such as its telemetry, and none of its secrets.
    execArgv: [`--max-old-space-size=${memory}`],
    env: {},
  });
  // A process fails while it has no document: by what its last one left behind, which harms nobody, or because it cannot start,
  // and then somebody waits for it in vain.
  processes.on('error', (cause) => {
    if (processes.queueSize === 0) return;
    const reason = new SourceError('cannot be read now: no process can be started for it', { cause });
    for (const reading of underWay) reading.abort(reason);
  });

  async function read(given: Readable): Promise<Reading> {
    const reading = new AbortController();
    const tooLong = new SourceUnreadable(`cannot be read within ${timeMs / 1_000} seconds`);
    const timer = setTimeout(() => reading.abort(tooLong), timeMs);
    underWay.add(reading);
    try {
      return await processes.run(given, { signal: reading.signal });
    } catch (cause) {
      reading.signal.throwIfAborted();
      // Tinypool tells no more of a process that died. Not "until it changes": a person may have killed it, too.
      if (cause instanceof Error && cause.message === 'Worker exited unexpectedly') {
        throw new SourceError(`ended the program that read it; it may take more than ${memory} MiB`, { cause });
      }
      // An error that was thrown there comes without its class.
      throw cause instanceof Error ? cause : new Error('a reader failed', { cause });
    } finally {
      clearTimeout(timer);
      underWay.delete(reading);
    }
  }

  return async (given) => {
    const reading = await inLine(() => read(given));
    if ('extracted' in reading) return reading.extracted;
    throw reading.until === 'it changes' ? new SourceUnreadable(reading.refused) : new SourceError(reading.refused);
  };
}

export const readApart = createReadApart(usualLimits);
