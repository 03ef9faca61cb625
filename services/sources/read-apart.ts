/**
 * Reads documents in threads of their own: a small file can be made so that its reader never ends, or takes all memory.
 * Such a file ends its thread; leases, health and questions go on meanwhile.
 */
import Tinypool from 'tinypool';
import type { Extracted } from './block.ts';
import type { Readable } from './read-by-format.ts';
import type { Reading } from './reading-thread.ts';
import { SourceError, SourceUnreadable } from './source-error.ts';
import { createLine } from './wait-in-line.ts';

export type ReadApart = (given: Readable) => Promise<Extracted>;

export type ReadingLimits = {
  /** For one document, from when it has its turn. Milliseconds. */
  readonly timeMs: number;
  /** Of one thread, in MiB. */
  readonly memory: number;
};

/** A PDF of a thousand pages takes some tens of seconds on a busy machine. */
const usualLimits: ReadingLimits = { timeMs: 300_000, memory: 1_024 };
/** As many as a sync reads at once. */
const mostThreads = 4;
/** A thread that has nothing to do for so long ends, and gives its memory back. Milliseconds. */
const idleMs = 30_000;

/** No thread runs before there is something to read, and none keeps the program from ending. */
export function createReadApart({ timeMs, memory }: ReadingLimits): ReadApart {
  // Not the pool's own queue: where a document ended the last thread, it would leave the others in it for ever.
  const inLine = createLine(mostThreads);
  const underWay = new Set<AbortController>();
  const threads = new Tinypool({
    filename: new URL('./reading-thread.ts', import.meta.url),
    minThreads: 0,
    maxThreads: mostThreads,
    idleTimeout: idleMs,
    resourceLimits: { maxOldGenerationSizeMb: memory },
    // Nothing of the program's own start, such as its telemetry, and none of its secrets.
    execArgv: [],
    env: {},
  });
  // A thread fails while it has no document: by what its last one left behind, which harms nobody, or because it cannot start,
  // and then somebody waits for it in vain.
  threads.on('error', (cause) => {
    if (threads.queueSize === 0) return;
    const reason = new SourceError('cannot be read now: no thread can be started for it', { cause });
    for (const reading of underWay) reading.abort(reason);
  });

  async function read(given: Readable): Promise<Reading> {
    const reading = new AbortController();
    const tooLong = new SourceUnreadable(`cannot be read within ${timeMs / 1_000} seconds`);
    const timer = setTimeout(() => reading.abort(tooLong), timeMs);
    underWay.add(reading);
    try {
      return await threads.run(given, { signal: reading.signal });
    } catch (cause) {
      reading.signal.throwIfAborted();
      if (isOutOfMemory(cause)) throw new SourceUnreadable(`takes more than ${memory} MiB to be read`, { cause });
      throw cause;
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

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

export const readApart = createReadApart(usualLimits);
