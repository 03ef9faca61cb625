/** Reads documents in the forms that retrievers of frameworks return them. */
import type { ExternalDocument } from '../external-turn.ts';
import type { Value } from './span.ts';
import { type Fields, isFields, isList, maxDepth, nameOf, numberOf, textOf, unpacked } from './values.ts';

const textNames = [
  'page_content',
  'pageContent',
  'content',
  'text',
  'document',
  'chunk',
  'chunk_text',
  'snippet',
  'passage',
  'body',
  'contents',
  'node',
];
const idNames = ['id', 'id_', '_id', 'document_id', 'documentId', 'doc_id', 'chunk_id', 'node_id', 'segment_id', 'key'];
const urlNames = [
  'url',
  'uri',
  'source_url',
  'source_uri',
  'doc_uri',
  'link',
  'href',
  'source',
  'file_path',
  'filePath',
  'path',
];
const titleNames = [
  'title',
  'name',
  'document_name',
  'file_name',
  'fileName',
  'filename',
  'source_name',
  'dataset_name',
];
const licenseNames = ['license', 'licence', 'license_type', 'rights'];
const scoreNames = [
  'score',
  'relevance_score',
  'similarity',
  'similarity_score',
  'rerank_score',
  '_score',
  'certainty',
];
const metadataNames = ['metadata', 'meta', 'payload', 'properties', 'fields', 'attributes', 'extra_info', 'kwargs'];

/** Where a list of documents may stand in the output of a retriever. */
const listNames = [
  'documents',
  'docs',
  'retrieved_documents',
  'context_documents',
  'source_documents',
  'source_nodes',
  'nodes',
  'chunks',
  'passages',
  'sources',
  'results',
  'result',
  'matches',
  'hits',
  'points',
  'items',
  'data',
  'context',
  'outputs',
  'output',
  'value',
  'retriever',
];

/**
 * The documents of a value. Null where the value is no list of documents; empty for an empty list.
 * @param anyText whether a list of strings is one of documents, as it is in the output of a retriever
 */
export function documentsIn(value: Value | undefined, anyText = false, depth = 0): readonly ExternalDocument[] | null {
  if (depth > maxDepth) return null;
  const current = unpacked(value);
  if (isList(current)) return listed(current, anyText, depth);
  if (!isFields(current)) return null;
  for (const name of listNames) {
    if (!Object.hasOwn(current, name)) continue;
    const found = documentsIn(current[name], anyText, depth + 1);
    if (found !== null && (found.length > 0 || anyText)) return found;
  }
  return null;
}

function listed(list: readonly Value[], anyText: boolean, depth: number): readonly ExternalDocument[] | null {
  if (list.length === 0) return anyText ? [] : null;
  // A batch: one list of documents for each of the queries.
  if (list.length === 1 && isList(list[0])) {
    const batch = documentsIn(list[0], anyText, depth + 1);
    if (batch !== null) return batch;
  }
  const documents = list.map((item) => documentIn(unpacked(item), anyText));
  return documents.some((document) => document === null) ? null : (documents as readonly ExternalDocument[]);
}

function documentIn(item: Value, anyText: boolean): ExternalDocument | null {
  if (typeof item === 'string') return anyText && !/^</.test(item) ? { ...unknownDocument, text: textOf(item) } : null;
  // LangChain's pairs of a document and its score.
  if (isList(item)) {
    const [first, second] = item;
    const document = item.length === 2 && isFields(first) ? documentOf(first) : null;
    return document === null ? null : { ...document, score: document.score ?? numberOf(second) };
  }
  return isFields(item) ? documentOf(item) : null;
}

const unknownDocument: ExternalDocument = { id: null, text: null, url: null, title: null, license: null, score: null };

/** Null for an object that is no document: it needs an id or an address, or a text with metadata or a score. */
export function documentOf(fields: Fields, depth = 0): ExternalDocument | null {
  if (depth > 3 || typeof fields.role === 'string' || fields.tool_calls !== undefined) return null;
  const inner = [fields.document, fields.node, fields.kwargs, fields.chunk, fields.segment].find(isFields);
  const nested = inner === undefined ? null : documentOf(inner, depth + 1);
  const metadata = metadataNames.map((name) => unpacked(fields[name])).filter(isFields);
  const own = [fields, ...metadata];
  const document: ExternalDocument = {
    id: named(own, idNames) ?? nested?.id ?? null,
    text: plainText(fields) ?? metadata.map(plainText).find((text) => text !== null) ?? nested?.text ?? null,
    url: urlIn(own) ?? nested?.url ?? null,
    title: named(own, titleNames) ?? sourceAsTitle(own) ?? nested?.title ?? null,
    license: named(own, licenseNames) ?? nested?.license ?? null,
    score: scoreIn(own) ?? nested?.score ?? null,
  };
  const known = document.id !== null || document.url !== null;
  const described = metadata.length > 0 || document.score !== null || document.title !== null || nested !== null;
  return known || (document.text !== null && described) || (depth > 0 && document.text !== null) ? document : null;
}

function plainText(fields: Fields): string | null {
  for (const name of textNames) {
    const value = fields[name];
    if (typeof value === 'string') return textOf(value);
    // Typed parts, as in `[{ "type": "text", "text": "…" }]`.
    if (isList(value)) {
      const parts = value
        .map((part) => (isFields(part) ? textOf(part.text) : textOf(part)))
        .filter((part) => part !== null);
      if (parts.length > 0) return parts.join('\n');
    }
  }
  return null;
}

function named(places: readonly Fields[], names: readonly string[]): string | null {
  for (const place of places) {
    for (const name of names) {
      const value = place[name];
      const found = typeof value === 'string' || typeof value === 'number' ? nameOf(value) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

const isAddress = (text: string) =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('/') || /^[\w./-]+\.\w{2,5}$/.test(text);

/** The first value that looks like an address, so that a `source` that names a department is none. */
function urlIn(places: readonly Fields[]): string | null {
  for (const place of places) {
    for (const name of urlNames) {
      const found = typeof place[name] === 'string' ? nameOf(place[name]) : null;
      if (found !== null && isAddress(found)) return found;
    }
  }
  return null;
}

function sourceAsTitle(places: readonly Fields[]): string | null {
  const source = named(places, ['source']);
  return source === null || isAddress(source) ? null : source;
}

function scoreIn(places: readonly Fields[]): number | null {
  for (const place of places) {
    for (const name of scoreNames) {
      const score = numberOf(place[name]);
      if (score !== null) return score;
    }
  }
  return null;
}

/** Fills what is missing in each document from the document at the same place, where both lists are of the same documents. */
export function mergedDocuments(
  lists: readonly (readonly ExternalDocument[] | null)[],
): readonly ExternalDocument[] | null {
  const [first, ...others] = lists.filter((list) => list !== null);
  if (first === undefined) return null;
  return others.reduce<readonly ExternalDocument[]>((merged, other) => {
    if (merged.length === 0) return other;
    if (other.length !== merged.length) return other.length > merged.length ? other : merged;
    return merged.map((document, index) => filled(document, other[index] ?? document));
  }, first);
}

function filled(one: ExternalDocument, other: ExternalDocument): ExternalDocument {
  if (one.text !== null && other.text !== null && one.text !== other.text) return one;
  return {
    id: one.id ?? other.id,
    text: one.text ?? other.text,
    url: one.url ?? other.url,
    title: one.title ?? other.title,
    license: one.license ?? other.license,
    score: one.score ?? other.score,
  };
}
