/** What was fetched of an item → the content document that the store takes: decoded, read by its format, described, split. */
import { createHash } from 'node:crypto';
import type { ContentDocument, ContentOrigin } from '../../provenance/content.ts';
import type { Fetched, Transformed } from '../plugin.ts';
import { isBinary } from '../readers/formats.ts';
import { parseDocument, readManifest } from '../readers/parser-pool.ts';
import { SourceError } from '../source-error.ts';
import { declaredEncoding, decodeText } from '../text/decode-text.ts';
import { detectLanguage } from '../text/detect-language.ts';
import { cleanText, foldSpace } from '../text/fold-space.ts';
import { splitPassages } from '../text/split-passages.ts';
import type { ContentFacts } from './content-metadata.ts';
import { splitFrontMatter } from './front-matter.ts';

export type DocumentFrame = {
  readonly origin: ContentOrigin;
  /** Where the content is published, unless its facts say otherwise. */
  readonly uri: string;
  /** For messages. */
  readonly path: string;
  /** Where neither facts nor text tell one. */
  readonly title: string;
  /** Facts for all content of the run; what the item tells wins. */
  readonly told: ContentFacts;
  readonly publishedAt: Date | null;
};

/**
 * Facts in the text's front matter win over those of `fetched`, and those over `told`.
 * @param transform reads what was fetched; by default the reader of its format does
 * @returns a document without passages where there is no text
 * @throws {SourceError} that says why it cannot be taken
 */
export async function makeDocument(
  fetched: Fetched,
  { origin, uri, path, title: name, told, publishedAt }: DocumentFrame,
  transform: (fetched: Fetched) => Promise<Transformed> | Transformed = readFetched,
): Promise<ContentDocument> {
  const { facts: own, manifest = null, ...extracted } = await transform(fetched);
  const facts = { ...told, ...fetched.facts, ...own };
  const contentType = facts.contentType ?? 'material';
  if (facts.materialId !== undefined && contentType !== 'material') {
    throw new SourceError(`materialId is for the contentType material, and this is a ${contentType}`);
  }
  const title = facts.title ?? (cleanText(foldSpace(extracted.title ?? '')).slice(0, 500) || name);
  return {
    path,
    origin,
    sourceUri: facts.sourceUri ?? uri,
    title,
    language: facts.language ?? detectLanguage(extracted.blocks) ?? extracted.language ?? null,
    publishedAt: facts.publishedAt ?? publishedAt,
    contentType,
    ...(facts.materialId !== undefined && { materialId: facts.materialId }),
    license: facts.license ?? null,
    rightsHolder: facts.rightsHolder ?? null,
    permission: facts.permission ?? null,
    externalShareConsent: facts.externalShareConsent ?? null,
    retentionYears: facts.retentionYears ?? null,
    accessPolicy: (facts.accessPolicy as ContentDocument['accessPolicy'] | undefined) ?? null,
    acquisitionMethod: facts.acquisitionMethod ?? 'api_fetch',
    acquiredAt: facts.acquiredAt ?? null,
    sha256: createHash('sha256').update(fetched.body).digest('hex'),
    manifest,
    passages: splitPassages(title, extracted.blocks),
  };
}

/** Reads what was fetched by its format: text, front matter where it counts, and C2PA manifest. */
export async function readFetched({ body, format, frontMatter }: Fetched): Promise<Transformed> {
  if (isBinary(format)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return { ...(await parseDocument({ format, bytes })), manifest: await readManifest(format, bytes) };
  }
  const decoded = typeof body === 'string' ? body : decodeText(body, format === 'html' ? declaredEncoding(body) : null);
  const { facts, text } = frontMatter === true ? splitFrontMatter(decoded) : { facts: {}, text: decoded };
  return { ...(await parseDocument({ format, text })), facts };
}
