/** Reads a file whole, and the companion file that states its metadata. */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Fetched } from '../plugin.ts';
import { documentServer } from '../readers/document-server.ts';
import { formatOf } from '../readers/formats.ts';
import { SourceError } from '../source-error.ts';
import { decodeText } from '../text/decode-text.ts';
import { companionLanguages, type FoundFile, fileProblem } from './find-files.ts';
import { maxMetadata, parseIsolated } from './front-matter.ts';
import type { StatedMetadata } from './metadata-names.ts';
import { whyNotInside } from './safe-path.ts';

/** A file is held in memory while it is read. */
const maxFile = 256 * 1024 * 1024;

type ReadOptions = {
  /** The real path of the directory that the file must be in. Null: anywhere but in a private directory. */
  readonly root: string | null;
  readonly privateDirectories: readonly string[];
  readonly maxBytes?: number;
};

/** Links are resolved once, so that what was checked is what is opened. @throws {SourceError} that says why it cannot be read */
export async function readRegularFile(
  path: string,
  { root, privateDirectories, maxBytes = maxFile }: ReadOptions,
): Promise<Uint8Array> {
  try {
    const real = await realpath(path);
    const reason = whyNotInside(real, root ?? real, privateDirectories);
    if (reason !== null) throw new SourceError(reason);
    // A FIFO or a device would block the opening or never end.
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const kind = await handle.stat();
      if (!kind.isFile()) throw new SourceError('is not a regular file');
      if (kind.size > maxBytes) throw new SourceError(`is larger than ${inWords(maxBytes)}; split it`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof SourceError ? error : new SourceError(fileProblem(error), { cause: error });
  }
}

/** Front matter overrides what the companion file (`name.pdf.yaml`) states. @throws {SourceError} */
export async function fetchFile(
  { path, root, companion }: Pick<FoundFile, 'path' | 'root' | 'companion'>,
  privateDirectories: readonly string[],
): Promise<Fetched> {
  const body = await readRegularFile(path, { root, privateDirectories });
  const format = formatOf(extname(path), documentServer() !== null);
  if (format === undefined) throw new SourceError('has a format that is not supported');
  if (companion === null) return { body, format, frontMatter: true };
  const { metadata, warnings } = await readCompanion(path + companion, companion, { root, privateDirectories });
  return { body, format, metadata, frontMatter: true, ...(warnings.length > 0 && { note: warnings.join('; ') }) };
}

async function readCompanion(path: string, extension: string, options: ReadOptions): Promise<StatedMetadata> {
  const where = basename(path);
  let text: string;
  try {
    text = decodeText(await readRegularFile(path, { ...options, maxBytes: maxMetadata }));
  } catch (error) {
    throw error instanceof SourceError ? new SourceError(`${where} ${error.message}`, { cause: error }) : error;
  }
  return parseIsolated({ language: companionLanguages[extension] ?? 'yaml', text, where });
}

function inWords(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MB` : `${bytes / 1024} KB`;
}
