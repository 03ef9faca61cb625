/** Reads our own documents that another application names by address or id without sending their text. */
import type { ClientBase } from 'pg';
import type { License } from '../../provenance/license.ts';
import { licensesThatGrantUse } from '../../provenance/may-use.ts';

export type OwnContent = {
  readonly contentId: string;
  readonly title: string;
  /** All passages in order, cut to a length that is quick to compare. */
  readonly text: string;
  readonly license: License | null;
};

const longestText = 200_000;
const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Excerpts of the text are stored with the other application's answer, so only content is read that everyone may read and use.
 * @param references addresses and ids of documents or passages, as the application sends them
 * @returns by reference
 */
export async function readOwnContent(
  client: ClientBase,
  references: readonly string[],
  commercialUse: boolean,
  now: Date,
): Promise<ReadonlyMap<string, OwnContent>> {
  if (references.length === 0) return new Map();
  const ids = references.filter((reference) => isUuid.test(reference)).map((id) => id.toLowerCase());
  const { rows } = await client.query<OwnContent & { readonly references: readonly string[] }>({
    name: 'read-own-content',
    text: `
      with current as materialized (
        select content_id, content_type, source_uri, license_type
        from provenance
        where (source_uri = any ($1) or content_id = any ($2::uuid[])
            or content_id in (select passage.content_id from passage where passage.id = any ($2::uuid[])))
          and content_type <> 'ai_response'
          and superseded_at is null and removed_at is null and (expires_at is null or expires_at > $3)
          and (permission_flag or license_type = any ($4::license_type[]))
          and access_policy is null
          and (source is null or source = any ((select rag_enabled_sources())::text[]))
      )
      select
        current.content_id as "contentId", min(passage.title) as title, current.license_type as license,
        left(string_agg(passage.text, E'\\n' order by passage.position), ${longestText}) as text,
        array_agg(passage.id::text) || current.content_id::text || current.source_uri as references
      from current join passage using (content_id, content_type)
      group by current.content_id, current.content_type, current.source_uri, current.license_type`,
    values: [references, ids, now, licensesThatGrantUse(commercialUse)],
  });
  const wanted = new Map(
    references.map((reference) => [isUuid.test(reference) ? reference.toLowerCase() : reference, reference]),
  );
  return new Map(
    rows.flatMap(({ references: found, ...content }) =>
      found.flatMap((each) => {
        const reference = wanted.get(each);
        return reference === undefined ? [] : [[reference, content] as const];
      }),
    ),
  );
}
