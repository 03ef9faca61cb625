/** Looks up what the register and our own content know of the documents of external turns. */
import type { ClientBase, Pool } from 'pg';
import type { KnownDocument } from '../../intake/cite-external.ts';
import type { ExternalDocument } from '../../intake/external-turn.ts';
import { groupCalls } from '../../intake/group-calls.ts';
import type { License } from '../../provenance/license.ts';
import { storable } from '../client/encoding.ts';
import { orUnavailable } from '../client/errors.ts';
import { asServiceAtOnce } from '../client/transaction.ts';
import { type OwnContent, readOwnContent } from './own-content.ts';

type Registered = {
  readonly reference: string;
  readonly license: License | null;
  readonly expiresAt: Date | null;
};

type Asked = { readonly service: string; readonly documents: readonly ExternalDocument[] };

/**
 * Turns of one service that arrive together are looked up together.
 * @param deps.commercialUse as for our own answers: own content that may not be used is not compared either
 */
export function createLookUpDocuments(pool: Pool, deps: { readonly commercialUse: boolean; readonly now: () => Date }) {
  const lookUp = groupCalls(
    ({ service }: Asked) => service,
    (service, turns) =>
      orUnavailable(asServiceAtOnce(pool, service, (client) => lookUpAll(client, service, turns, deps))),
  );
  return (service: string, documents: readonly ExternalDocument[]): Promise<readonly KnownDocument[]> =>
    lookUp({ service, documents });
}

async function lookUpAll(
  client: ClientBase,
  service: string,
  turns: readonly Asked[],
  { commercialUse, now }: { readonly commercialUse: boolean; readonly now: () => Date },
): Promise<readonly (readonly KnownDocument[])[]> {
  const documents = turns.flatMap((turn) => turn.documents);
  const withoutText = documents.filter(({ text }) => text === null || text.trim() === '');
  const [registered, own] = await Promise.all([
    readRegistered(client, service, [...new Set(referencesOf(documents))]),
    readOwnContent(client, [...new Set(referencesOf(withoutText))], commercialUse, now()),
  ]);
  return turns.map((turn) => turn.documents.map((document) => known(document, registered, own)));
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
