/** What was fetched of an item → the content document that the store takes: decoded, read by its format, described, split. */
import { createHash } from 'node:crypto';
import type { ContentDocument, ContentOrigin } from '../../provenance/content.ts';
import type { Fetched, Transformed } from '../plugin.ts';
import { isBinary } from '../readers/formats.ts';
import { readApart } from '../readers/parser-pool.ts';
import { carriedManifest } from '../readers/read-c2pa.ts';
import { SourceError } from '../source-error.ts';
import { declaredEncoding } from '../text/declared-encoding.ts';
import { decodeText } from '../text/decode-text.ts';
import { detectLanguage } from '../text/detect-language.ts';
import { cleanText, foldSpace } from '../text/fold-space.ts';
import { splitPassages } from '../text/split-passages.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { splitFrontMatter } from './front-matter.ts';

export type DocumentFrame = {
  readonly origin: ContentOrigin;
  /** Where the content is published, unless its metadata say otherwise. */
  readonly uri: string;
  /** For messages. */
  readonly path: string;
  /** Where neither metadata nor text tell one. */
  readonly title: string;
  /** Metadata for all content of the run; what the item tells wins. */
  readonly told: ContentMetadata;
  readonly publishedAt: Date | null;
};

/**
 * Metadata in the text's front matter win over those of `fetched`, and those over `told`.
 * @param transform reads what was fetched; by default the reader of its format does
 * @returns a document without passages where there is no text
 * @throws {SourceError} that says why it cannot be taken
 */
export async function makeDocument(
  fetched: Fetched,
  { origin, uri, path, title: name, told, publishedAt }: DocumentFrame,
  transform: (fetched: Fetched) => Promise<Transformed> | Transformed = readFetched,
): Promise<ContentDocument> {
  const { metadata: own, manifest = null, ...extracted } = await transform(fetched);
  const metadata = { ...told, ...fetched.metadata, ...own };
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
  };
}

/** Reads what was fetched by its format: text, front matter where it counts, and C2PA manifest. */
export async function readFetched({ body, format, frontMatter }: Fetched): Promise<Transformed> {
  if (isBinary(format)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return { ...(await readApart({ format, bytes })), manifest: await carriedManifest(format, bytes) };
  }
  const decoded = typeof body === 'string' ? body : decodeText(body, format === 'html' ? declaredEncoding(body) : null);
  const { metadata, text } = frontMatter === true ? splitFrontMatter(decoded) : { metadata: {}, text: decoded };
  return { ...(await readApart({ format, text })), metadata };
}
