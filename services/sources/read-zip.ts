/** Unpacks a zip archive in memory, within limits: what is packed may be a thousand times larger. */
import { fromBufferPromise } from 'yauzl';
import { SourceError } from './source-error.ts';

/** Bytes unpacked, all files together. */
const mostBytes = 256 * 1024 * 1024;
const mostFiles = 20_000;

/** @returns the files by name, in the order of the archive @throws {SourceError} */
export async function readZip(bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let size = 0;
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true });
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      if (files.size === mostFiles) throw new SourceError(`holds more than ${mostFiles.toLocaleString('en')} files`);
      if (entry.isEncrypted()) throw new SourceError('is encrypted; save a copy without a password');
      // A file that is larger than the archive says ends with an error of the library.
      size += entry.uncompressedSize;
      if (size > mostBytes) throw new SourceError(`unpacks to more than ${mostBytes / 1024 / 1024} MB; split it`);
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part);
      files.set(entry.fileName, Buffer.concat(parts));
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('is not a whole archive: it is damaged or cut off', { cause: error });
  }
  return files;
}
