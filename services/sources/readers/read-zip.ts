/** Unpacks a zip archive in memory, within limits: the content may be a thousand times larger. */
import { fromBufferPromise } from 'yauzl';
import { SourceError, SourceUnreadable } from '../source-error.ts';

/** Bytes unpacked, all files together. */
const mostBytes = 128 * 1024 * 1024;
const mostFiles = 20_000;

/** How Office files begin that are no archives: those older than 2007, and newer ones with a password. */
const compoundFile = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le');

/**
 * @param isWanted by the name of a file; others stay packed
 * @returns the files by name, in the order of the archive
 * @throws {SourceError}
 */
export async function readZip(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean = () => true,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let size = 0;
  let count = 0;
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  refuseCompound(archive);
  try {
    const zip = await fromBufferPromise(archive, { lazyEntries: true });
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      if (count++ === mostFiles) throw new SourceUnreadable(`holds more than ${mostFiles.toLocaleString('en')} files`);
      if (!isWanted(entry.fileName)) continue;
      if (entry.isEncrypted()) throw new SourceUnreadable('is encrypted; save a copy without a password');
      // The library fails for a file that is larger than the archive declares.
      size += entry.uncompressedSize;
      if (size > mostBytes) throw new SourceUnreadable(`unpacks to more than ${mostBytes / 1024 / 1024} MB; split it`);
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part);
      files.set(entry.fileName, Buffer.concat(parts));
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('is not a complete archive: it is damaged or truncated', { cause: error });
  }
  return files;
}

function refuseCompound(bytes: Buffer): void {
  if (!compoundFile.every((byte, at) => bytes[at] === byte)) return;
  throw new SourceUnreadable(
    bytes.includes(encryptedPackage)
      ? 'is encrypted; save a copy without a password'
      : 'has an Office format older than 2007; save it as .docx, .xlsx or .pptx',
  );
}
