/** Reads a file and the facts that stand beside it. */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Fetched } from '../plugin.ts';
import { formats } from '../readers/formats.ts';
import { SourceError } from '../source-error.ts';
import { decodeText } from '../text/decode-text.ts';
import type { ContentFacts } from './content-metadata.ts';
import { factsExtension, fileProblem } from './find-files.ts';
import { parseFacts } from './front-matter.ts';
import { readBytes } from './read-bytes.ts';

/** What the file beside it tells (`name.pdf.yaml`) stands under what its own front matter tells. @throws {SourceError} */
export async function fetchFile(path: string): Promise<Fetched> {
  const body = await readBytes(path);
  const format = formats[extname(path).toLowerCase()];
  if (format === undefined) throw new SourceError('is of no format that is read');
  return { body, format, facts: await readFactsBeside(path), frontMatter: true };
}

async function readFactsBeside(path: string): Promise<ContentFacts> {
  const name = `${path}${factsExtension}`;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new SourceError(`${basename(name)} ${fileProblem(error)}`, { cause: error });
  }
  return parseFacts(decodeText(bytes), basename(name));
}
