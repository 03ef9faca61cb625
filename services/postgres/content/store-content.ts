/** Stores a content: its passages, the terms they are found by, its provenance and what is known of its item, all or nothing. */
import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { ContentDocument, ContentType, StoreContent } from '../../provenance/content.ts';
import { storable } from '../client/encoding.ts';
import { inTransaction } from '../client/transaction.ts';
import { termsVector } from '../search/terms-vector.ts';
import { lockSourceItem, upsertSourceItem } from '../sources/items.ts';
import { settleMaterial } from './materials.ts';
import { type IndexedPassage, insertPassages, lockPassageCorpus, removePassages } from './passages.ts';
import {
  type CurrentContent,
  currentContent,
  insertProvenance,
  supersedeProvenance,
  takenInStatus,
} from './provenance.ts';
import { writeVerification } from './verification.ts';

/** Passages sent in one statement: a few megabytes. */
const batch = 1000;

/** Contents stored at the same time take turns; each is one transaction. */
export function createStoreContent(pool: Pool): StoreContent {
  return async (given) => {
    const document = cleaned(given);
    const current = await currentContent(pool, document);
    refuseAnothers(current, document);
    if (current?.unchanged) {
      // Its bytes have just been read, and they are those that were taken in.
      await writeVerification(pool, current.provenanceId, {
        sha256: document.sha256,
        status: takenInStatus(document),
        c2pa: document.manifest?.sha256 ?? null,
      });
      await upsertSourceItem(pool, document, { contentId: current.contentId, contentType: document.contentType });
      return 'unchanged';
    }
    // Before the lock, because it is most of the work.
    const passages = document.passages.map(indexed);
    return inTransaction(pool, async (client) => {
      await lockPassageCorpus(client);
      return replace(client, document, passages);
    });
  };
}

async function replace(client: ClientBase, document: ContentDocument, passages: readonly IndexedPassage[]) {
  const current = await currentContent(client, document);
  refuseAnothers(current, document);
  const { contentType, title, sourceUri, materialId } = document;
  const contentId = materialId ?? current?.contentId ?? randomUUID();
  const content = { contentId, contentType };
  await leaveFormer(client, document, content);
  await upsertSourceItem(client, document, content);
  if (current?.unchanged) return 'unchanged';
  if (contentType === 'material') {
    await settleMaterial(client, { id: contentId, title, sourceUri, named: materialId !== undefined });
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
 * What a sync takes in again because its settings changed was acquired when it first was: its retention does not begin anew,
 * and what has expired stays so. A person who takes a file in again wants it now.
 */
function acquiredAt(
  { acquiredAt: told, origin, sha256 }: ContentDocument,
  current: CurrentContent | null,
): Date | null {
  const sameBytes = origin.versionHash !== null && current?.sha256 === sha256;
  return told ?? (sameBytes ? current.acquiredAt : null);
}

/** An item that became another content (its address or its type has changed) leaves the one that it was. */
async function leaveFormer(
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

/** One would replace the other with every sync. */
function refuseAnothers(current: CurrentContent | null, { origin, sourceUri }: ContentDocument): void {
  if (current === null || current.source === null || current.source === origin.source) return;
  throw new Error(`${sourceUri} is content of the source ${current.source}; a content has one source`);
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
