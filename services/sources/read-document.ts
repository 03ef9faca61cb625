/** One file → the content document that the store takes: decoded, read by its format, described, split. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContentDocument } from '../provenance/content.ts';
import type { Extracted } from './block.ts';
import type { ContentFacts } from './content-facts.ts';
import { decodeText } from './decode-text.ts';
import { type FoundFile, factsExtension, fileProblem, formats } from './find-files.ts';
import { cleanText, foldSpace } from './fold-space.ts';
import { parseFacts, splitFrontMatter } from './front-matter.ts';
import { readBytes } from './read-bytes.ts';
import { carriedManifest } from './read-c2pa.ts';
import { declaredEncoding, readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { readPdf } from './read-pdf.ts';
import { readText } from './read-text.ts';
import { SourceError } from './source-error.ts';
import { splitPassages } from './split-passages.ts';

/**
 * What the file's own front matter says wins over the file beside it (`name.pdf.yaml`), and that over `told`.
 * @param told facts for all files of a run
 * @param sourceBase where the named directory is published: a file's source URI is this and its path from there; null
 *   means the file's own URL, which stays the same whatever directory the command runs in
 * @returns a document without passages where the file holds no text
 * @throws {SourceError} that says why the file cannot be taken
 */
export async function readDocument(
  file: FoundFile,
  told: ContentFacts,
  sourceBase: string | null,
): Promise<ContentDocument> {
  const bytes = await readBytes(file.path);
  const { facts: own, extracted } = await extract(file.path, bytes);
  const beside = await readFactsBeside(file.path);
  const facts = { ...told, ...beside, ...own };
  const contentType = facts.contentType ?? 'material';
  if (facts.materialId !== undefined && contentType !== 'material') {
    throw new SourceError(`materialId is for the contentType material, and this is a ${contentType}`);
  }
  const stem = basename(file.path, extname(file.path));
  const title = facts.title ?? (cleanText(foldSpace(extracted.title ?? '')).slice(0, 500) || stem);
  const uri = sourceBase === null ? pathToFileURL(resolve(file.path)).href : under(sourceBase, file.relativePath);
  return {
    path: file.path,
    sourceUri: facts.sourceUri ?? uri,
    title,
    contentType,
    ...(facts.materialId !== undefined && { materialId: facts.materialId }),
    license: facts.license ?? null,
    rightsHolder: facts.rightsHolder ?? null,
    permission: facts.permission ?? null,
    externalShareConsent: facts.externalShareConsent ?? null,
    retentionYears: facts.retentionYears ?? null,
    accessPolicy: (facts.accessPolicy as ContentDocument['accessPolicy'] | undefined) ?? null,
    acquisitionMethod: facts.acquisitionMethod ?? 'manual_upload',
    acquiredAt: facts.acquiredAt ?? null,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    manifest: await carriedManifest(file.path, bytes),
    passages: splitPassages(title, extracted.blocks),
  };
}

async function extract(path: string, bytes: Uint8Array): Promise<{ facts: ContentFacts; extracted: Extracted }> {
  const format = formats[extname(path).toLowerCase()];
  if (format === 'pdf') return { facts: {}, extracted: await readPdf(bytes) };
  const { facts, text } = splitFrontMatter(decodeText(bytes, format === 'html' ? declaredEncoding(bytes) : null));
  const read = format === 'html' ? readHtml : format === 'markdown' ? readMarkdown : readText;
  return { facts, extracted: read(text) };
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

function under(base: string, relativePath: string): string {
  return `${base.replace(/\/$/, '')}/${relativePath.split('/').map(encodeURIComponent).join('/')}`;
}
