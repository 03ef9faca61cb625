/** Stores a document in one transaction: its passages, their search terms, its provenance and its source item. */
import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { ContentDocument, ContentType, StoreContent } from '../../provenance/content.ts';
import { storable } from '../client/encoding.ts';
import { inTransaction } from '../client/transaction.ts';
import { termsVector } from '../search/terms-vector.ts';
import { lockSourceItem, upsertSourceItem } from '../sources/items.ts';
import { ensureMaterial } from './materials.ts';
import { type IndexedPassage, insertPassages, lockPassageCorpus, removePassages } from './passages.ts';
import {
  type CurrentContent,
  currentContent,
  ingestedStatus,
  insertProvenance,
  supersedeProvenance,
} from './provenance.ts';
import { writeVerification } from './verification.ts';

/** Passages per statement: a few megabytes. */
const batch = 1000;

/** Concurrent calls are serialised. */
export function createStoreContent(pool: Pool): StoreContent {
  return async (ingested) => {
    const document = cleaned(ingested);
    const current = await currentContent(pool, document);
    refuseOtherSource(current, document);
    if (current?.unchanged) {
      // The bytes were just read and match, so the document counts as verified.
      await writeVerification(pool, current.provenanceId, {
        sha256: document.sha256,
        status: ingestedStatus(document),
        c2pa: document.manifest?.sha256 ?? null,
      });
      await upsertSourceItem(pool, document, { contentId: current.contentId, contentType: document.contentType });
      return 'unchanged';
    }
    // Before taking the lock, because indexing is most of the work.
    const passages = document.passages.map(indexed);
    return inTransaction(pool, async (client) => {
      await lockPassageCorpus(client);
      return replace(client, document, passages);
    });
  };
}

async function replace(client: ClientBase, document: ContentDocument, passages: readonly IndexedPassage[]) {
  const current = await currentContent(client, document);
  refuseOtherSource(current, document);
  const { contentType, title, sourceUri, materialId } = document;
  const contentId = materialId ?? current?.contentId ?? randomUUID();
  const content = { contentId, contentType };
  await supersedeFormer(client, document, content);
  await upsertSourceItem(client, document, content);
  if (current?.unchanged) return 'unchanged';
  if (contentType === 'material') {
    await ensureMaterial(client, { id: contentId, title, sourceUri, named: materialId !== undefined });
  }
  if (current !== null) {
    await removePassages(client, { contentId: current.contentId, contentType });
    await supersedeProvenance(client, current.provenanceId);
  }
  for (let first = 0; first < passages.length; first += batch) {
    await insertPassages(client, content, passages.slice(first, first + batch));
  }
  await insertProvenance(client, contentId, { ...document, acquiredAt: acquiredAt(document, current) });
  return current === null ? 'created' : 'replaced';
}

/**
 * A sync that re-ingests the same bytes, because settings changed, keeps the acquisition time: retention does not
 * restart, and expired content stays expired. A file ingested again by command is acquired now.
 */
function acquiredAt(
  { acquiredAt: stated, origin, sha256 }: ContentDocument,
  current: CurrentContent | null,
): Date | null {
  const sameBytes = origin.versionHash !== null && current?.sha256 === sha256;
  return stated ?? (sameBytes ? current.acquiredAt : null);
}

/** Supersedes the former content of an item whose URI or type has changed. */
async function supersedeFormer(
  client: ClientBase,
  { origin }: ContentDocument,
  { contentId, contentType }: { contentId: string; contentType: ContentType },
): Promise<void> {
  const former = origin.versionHash === null ? null : await lockSourceItem(client, origin);
  if (former?.contentId == null || former.contentType === null || former.provenanceId === null) return;
  if (former.contentId === contentId && former.contentType === contentType) return;
  await removePassages(client, { contentId: former.contentId, contentType: former.contentType });
  await supersedeProvenance(client, former.provenanceId);
}

/** Two sources with the same URI would replace each other's content at every sync. */
function refuseOtherSource(current: CurrentContent | null, { origin, sourceUri }: ContentDocument): void {
  if (current === null || current.source === null || current.source === origin.source) return;
  throw new Error(`${sourceUri} already belongs to the source ${current.source}; a document can have only one source`);
}

function cleaned(document: ContentDocument): ContentDocument {
  return {
    ...document,
    sourceUri: storable(document.sourceUri),
    title: storable(document.title),
    rightsHolder: document.rightsHolder === null ? null : storable(document.rightsHolder),
  };
}

function indexed(passage: ContentDocument['passages'][number]): IndexedPassage {
  const fields = {
    title: storable(passage.title),
    heading: storable(passage.heading),
    text: storable(passage.text),
  };
  return { ...passage, ...fields, ...termsVector(fields) };
}
