/** Reads a file and the metadata that stand beside it. */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Fetched } from '../plugin.ts';
import { formats } from '../readers/formats.ts';
import { SourceError } from '../source-error.ts';
import { decodeText } from '../text/decode-text.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { fileProblem, sidecarExtension } from './find-files.ts';
import { parseMetadata } from './front-matter.ts';
import { readBytes } from './read-bytes.ts';

/** What the file beside it tells (`name.pdf.yaml`) stands under what its own front matter tells. @throws {SourceError} */
export async function fetchFile(path: string): Promise<Fetched> {
  const body = await readBytes(path);
  const format = formats[extname(path).toLowerCase()];
  if (format === undefined) throw new SourceError('is of no format that is read');
  return { body, format, metadata: await readSidecar(path), frontMatter: true };
}

async function readSidecar(path: string): Promise<ContentMetadata> {
  const name = `${path}${sidecarExtension}`;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new SourceError(`${basename(name)} ${fileProblem(error)}`, { cause: error });
  }
  return parseMetadata(decodeText(bytes), basename(name));
}
