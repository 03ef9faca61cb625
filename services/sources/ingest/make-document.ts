/** Makes the document to store from what was fetched of an item: decoded, read by its format, described, split into passages. */
import { createHash } from 'node:crypto';
import type { ContentDocument, ContentOrigin } from '../../provenance/content.ts';
import type { Fetched, Transformed } from '../plugin.ts';
import { documentServer } from '../readers/document-server.ts';
import { isBinary, isServerFormat } from '../readers/formats.ts';
import { parseDocument, readManifest } from '../readers/parser-pool.ts';
import { readPdfOrScan } from '../readers/read-scan.ts';
import { SourceError } from '../source-error.ts';
import { declaredEncoding, decodeText } from '../text/decode-text.ts';
import { detectLanguage } from '../text/detect-language.ts';
import { cleanText, foldSpace } from '../text/fold-space.ts';
import { describeLeftOut } from '../text/left-out.ts';
import { splitPassages } from '../text/split-passages.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { splitFrontMatter } from './front-matter.ts';
import { removeReviewComments } from './review-comments.ts';

export type DocumentFrame = {
  readonly origin: ContentOrigin;
  /** Where the document is published, unless its metadata says otherwise. */
  readonly uri: string;
  /** For messages. */
  readonly path: string;
  /** If neither metadata nor text has one. */
  readonly title: string;
  /** Metadata of the source and of the command; the item's own overrides it. */
  readonly defaults: ContentMetadata;
  readonly publishedAt: Date | null;
};

/**
 * Front matter overrides the metadata of `fetched`, which overrides `defaults`.
 * @param transform reads what was fetched; default: the reader of its format
 * @returns a document without passages if there is no text
 * @throws {SourceError} that says why it cannot be ingested
 */
export async function makeDocument(
  fetched: Fetched,
  { origin, uri, path, title: name, defaults, publishedAt }: DocumentFrame,
  transform: (fetched: Fetched) => Promise<Transformed> | Transformed = readFetched,
): Promise<ContentDocument> {
  const { metadata: own, manifest = null, warnings = [], leftOut = [], ...extracted } = await transform(fetched);
  const metadata = { ...defaults, ...fetched.metadata, ...own };
  const contentType = metadata.contentType ?? 'material';
  if (metadata.materialId !== undefined && contentType !== 'material') {
    throw new SourceError(`materialId is for the contentType material, and this is a ${contentType}`);
  }
  const title = metadata.title ?? (cleanText(foldSpace(extracted.title ?? '')).slice(0, 500) || name);
  return {
    path,
    origin,
    sourceUri: metadata.sourceUri ?? uri,
    title,
    language: metadata.language ?? detectLanguage(extracted.blocks) ?? extracted.language ?? null,
    publishedAt: metadata.publishedAt ?? publishedAt,
    contentType,
    ...(metadata.materialId !== undefined && { materialId: metadata.materialId }),
    license: metadata.license ?? null,
    rightsHolder: metadata.rightsHolder ?? null,
    permission: metadata.permission ?? null,
    externalShareConsent: metadata.externalShareConsent ?? null,
    retentionYears: metadata.retentionYears ?? null,
    accessPolicy: (metadata.accessPolicy as ContentDocument['accessPolicy'] | undefined) ?? null,
    acquisitionMethod: metadata.acquisitionMethod ?? 'api_fetch',
    acquiredAt: metadata.acquiredAt ?? null,
    sha256: createHash('sha256').update(fetched.body).digest('hex'),
    manifest,
    passages: splitPassages(title, extracted.blocks),
    notes: [
      ...(fetched.note === undefined ? [] : [fetched.note]),
      ...warnings,
      ...leftOut.map((each) => `left out: ${describeLeftOut(each)}`),
    ],
  };
}

/** Reads what was fetched by its format: its text, its front matter and its C2PA manifest. */
export async function readFetched({ body, format, frontMatter }: Fetched): Promise<Transformed> {
  if (isServerFormat(format)) {
    const read = documentServer();
    if (read === null) throw new SourceError('is read by a document server only; set DOCUMENT_SERVER_URL');
    return read(bytesOf(body));
  }
  if (isBinary(format)) {
    const bytes = bytesOf(body);
    const extracted = format === 'pdf' ? await readPdfOrScan(bytes) : await parseDocument({ format, bytes });
    return { ...extracted, manifest: await readManifest(format, bytes) };
  }
  const whole = typeof body === 'string' ? body : decodeText(body, format === 'html' ? declaredEncoding(body) : null);
  const { html: decoded, comments } = format === 'html' ? removeReviewComments(whole) : { html: whole, comments: 0 };
  const omitted = comments === 0 ? [] : [`left out: reviewers' comments: ${comments}`];
  // Authors of Markdown state their rights there, whatever source delivers it.
  if (frontMatter !== true && (format !== 'markdown' || frontMatter === false)) {
    return { ...(await parseDocument({ format, text: decoded })), warnings: omitted };
  }
  const { metadata, warnings, text } = await splitFrontMatter(decoded);
  return { ...(await parseDocument({ format, text })), metadata, warnings: [...warnings, ...omitted] };
}

function bytesOf(body: Fetched['body']): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : body;
}
