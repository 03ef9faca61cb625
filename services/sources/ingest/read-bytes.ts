/** Reads a file whole. */
import { open } from 'node:fs/promises';
import { SourceError } from '../source-error.ts';
import { fileProblem } from './find-files.ts';

/** A file is held in memory while it is read. */
const maxBytes = 256 * 1024 * 1024;

/** @throws {SourceError} that says why it cannot be read */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw new SourceError(`is larger than ${maxBytes / 1024 / 1024} MB; split it`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof SourceError ? error : new SourceError(fileProblem(error), { cause: error });
  }
}
