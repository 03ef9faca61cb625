/**
 * Reads untrusted bytes in separate processes: a small file can be crafted so that its parser never ends or takes all memory.
 * Only the parser process ends then; leases, health checks and questions are not affected. Processes rather than threads,
 * because V8 may end the whole program when one thread runs out of memory.
 */

import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import Tinypool from 'tinypool';
import type { CarriedManifest } from '../../provenance/verification.ts';

import { SourceError, SourceUnreadable } from '../source-error.ts';
import type { Extracted } from '../text/block.ts';
import type { Format } from './formats.ts';
import type { IsolatedCall, IsolatedResult } from './parser-process.ts';
import type { Readable } from './read-by-format.ts';

export type ParserLimits = {
  /** For one call, from when its process starts on it. Milliseconds. */
  readonly timeMs: number;
  /** Resident memory of one process, buffers included, in MiB. */
  readonly memory: number;
};

export type ParserPool = {
  /** @throws {SourceError} that says why the document cannot be read */
  readonly parseDocument: (document: Readable) => Promise<Extracted>;
  /** The C2PA manifest that a file carries; null: none. @throws {SourceError} where looking for it exceeds the limits */
  readonly readManifest: (format: Format | undefined, bytes: Uint8Array) => Promise<CarriedManifest | null>;
  /**
   * Calls any function on untrusted input under the same limits, for example `parse` of front matter.
   * @param module URL of the module that exports it; its input and result are structured-cloned
   * @throws {SourceError} that the function throws, or where it exceeds the limits
   */
  readonly runIsolated: <Result>(module: URL, name: string, input: unknown) => Promise<Result>;
};

/** Real documents of a thousand pages take less than ten seconds and 400 MiB. */
const usualLimits: ParserLimits = { timeMs: 60_000, memory: 512 };
/** A sync reads four documents at once; more processes than processors would only take memory. */
const mostProcesses = Math.min(4, Math.max(2, availableParallelism()));
/** An idle process ends after this time and returns its memory. Milliseconds. */
const idleMs = 30_000;
const crashed = 'Worker exited unexpectedly';

/** No process runs before there is something to read, and none keeps the program running. */
export function createParserPool({ timeMs, memory }: ParserLimits): ParserPool {
  // Not the pool's own queue: when a document ends the last process, that queue would never be worked off.
  const limit = pLimit(mostProcesses);
  const running = new Set<AbortController>();
  const processes = new Tinypool({
    runtime: 'child_process',
    filename: new URL('./parser-process.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: mostProcesses,
    idleTimeout: idleMs,
    // Structured clone keeps bytes as bytes.
    serialization: 'advanced',
    // A process whose heap stays large after a document is replaced, so that the next one has all the memory.
    maxMemoryLimitBeforeRecycle: (memory * 1024 * 1024) / 4,
    // The processes get none of the program's preloads, such as telemetry, and none of its secrets.
    execArgv: [`--max-old-space-size=${memory}`],
    env: {},
  });
  // Fires for a process that fails without a document: after its last one, which affects no caller, or at its start, and then
  // a caller would wait forever.
  processes.on('error', (cause) => {
    if (processes.queueSize === 0) return;
    const reason = new SourceError('cannot be read now: no parser process can be started', { cause });
    for (const call of running) call.abort(reason);
  });

  async function attempt(call: IsolatedCall): Promise<IsolatedResult> {
    const controller = new AbortController();
    const tooLong = new SourceUnreadable(`cannot be read within ${timeMs / 1_000} seconds`);
    const timer = setTimeout(() => controller.abort(tooLong), timeMs);
    running.add(controller);
    try {
      return await processes.run(call, { signal: controller.signal });
    } catch (cause) {
      controller.signal.throwIfAborted();
      // An error that was thrown in the process arrives without its class.
      throw cause instanceof Error ? cause : new Error('a reader failed', { cause });
    } finally {
      clearTimeout(timer);
      running.delete(controller);
    }
  }

  /** An operator or the system may have killed the process, so only a document that ends two of them is at fault. */
  async function withRetry(call: IsolatedCall): Promise<IsolatedResult> {
    try {
      return await attempt(call);
    } catch (error) {
      if (!isCrash(error)) throw error;
    }
    try {
      return await attempt(call);
    } catch (cause) {
      if (!isCrash(cause)) throw cause;
      throw new SourceUnreadable(`ended the process that read it, twice; it may need more than ${memory} MiB`, {
        cause,
      });
    }
  }

  async function runIsolated<Result>(module: URL, name: string, input: unknown): Promise<Result> {
    const outcome = await limit(() => withRetry({ module: module.href, name, input, memory }));
    if ('result' in outcome) return outcome.result as Result;
    throw outcome.until === 'it changes' ? new SourceUnreadable(outcome.refused) : new SourceError(outcome.refused);
  }

  return {
    runIsolated,
    parseDocument: (document) => runIsolated(new URL('./read-by-format.ts', import.meta.url), 'readByFormat', document),
    readManifest: async (format, bytes) =>
      format === 'pdf' ? runIsolated(new URL('./read-c2pa.ts', import.meta.url), 'carriedManifest', bytes) : null,
  };
}

function isCrash(error: unknown): boolean {
  return error instanceof Error && error.message === crashed;
}

const shared = createParserPool(usualLimits);
export const { parseDocument, readManifest } = shared;
/** @public for front matter, sidecars and feeds, which are untrusted as well */
export const { runIsolated } = shared;
