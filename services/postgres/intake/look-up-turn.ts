/** Looks up, before an external turn is recorded, its row and what is known of its documents. */
import type { ClientBase, Pool } from 'pg';
import type { KnownDocument } from '../../intake/cite-external.ts';
import type { ExternalDocument } from '../../intake/external-turn.ts';
import type { TurnLookup } from '../../intake/record-turn.ts';
import type { License } from '../../provenance/license.ts';
import { storable } from '../client/encoding.ts';
import { orUnavailable } from '../client/errors.ts';
import { asService } from '../client/transaction.ts';
import { type OwnContent, readOwnContent } from './own-content.ts';

type Registered = {
  readonly reference: string;
  readonly license: License | null;
  readonly expiresAt: Date | null;
};

/** @param deps.commercialUse as for our own answers: own content that may not be used is not compared either */
export function createLookUpTurn(pool: Pool, deps: { readonly commercialUse: boolean; readonly now: () => Date }) {
  return (
    service: string,
    { id, documents }: { readonly id: string; readonly documents: readonly ExternalDocument[] },
  ): Promise<TurnLookup> =>
    orUnavailable(
      asService(pool, service, async (client) => {
        const withoutText = documents.filter(({ text }) => text === null || text.trim() === '');
        const [recorded, registered, own] = await Promise.all([
          isRecorded(client, service, id),
          readRegistered(client, service, referencesOf(documents)),
          readOwnContent(client, referencesOf(withoutText), deps.commercialUse, deps.now()),
        ]);
        return { recorded, documents: documents.map((document) => known(document, registered, own)) };
      }),
    );
}

function known(
  document: ExternalDocument,
  registered: ReadonlyMap<string, Registered>,
  contents: ReadonlyMap<string, OwnContent>,
): KnownDocument {
  const references = referencesOf([document]);
  const own = references.map((reference) => contents.get(reference)).find((found) => found !== undefined);
  const entry = references.map((reference) => registered.get(reference)).find((found) => found !== undefined);
  return {
    ...document,
    text: own?.text ?? document.text,
    title: document.title ?? own?.title ?? null,
    own: own === undefined ? null : { contentId: own.contentId, license: own.license },
    registered: entry === undefined ? null : { license: entry.license, expiresAt: entry.expiresAt },
  };
}

/** The id first: an address may stand for several documents. */
function referencesOf(documents: readonly ExternalDocument[]): readonly string[] {
  return documents
    .flatMap(({ id, url }) => [id, url])
    .filter((each) => each !== null)
    .map(storable);
}

async function isRecorded(client: ClientBase, service: string, id: string): Promise<boolean> {
  const { rows } = await client.query<{ recorded: boolean }>({
    name: 'is-turn-recorded',
    text: `
      select exists (select from ai_dialogue_log where id = $1 and service = $2)
        or exists (select from chat_failure where id = $1 and service = $2) as recorded`,
    values: [id, service],
  });
  return rows[0]?.recorded === true;
}

async function readRegistered(
  client: ClientBase,
  service: string,
  references: readonly string[],
): Promise<ReadonlyMap<string, Registered>> {
  if (references.length === 0) return new Map();
  const { rows } = await client.query<Registered>({
    name: 'read-registered-documents',
    text: `
      select reference, license_type as license, expires_at as "expiresAt"
      from rag_service_document where service = $1 and reference = any ($2)`,
    values: [service, references],
  });
  return new Map(rows.map((row) => [row.reference, row]));
}
