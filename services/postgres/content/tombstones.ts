/** Turns a provenance row into a tombstone and records the removal in the audit. */
import type { ClientBase } from 'pg';

/** @param passages number of passages removed with it */
export async function markContentRemoved(
  client: ClientBase,
  {
    provenanceId,
    runId,
    passages,
    reason,
  }: {
    provenanceId: string;
    runId: string;
    passages: number;
    reason: 'expired' | 'gone_at_source' | 'removed_by_operator';
  },
): Promise<void> {
  await client.query({
    name: 'mark-content-removed',
    text: `
      with removed as (update provenance set removed_at = now() where id = $1 returning *)
      insert into retention_audit (
        run_id, provenance_id, content_id, content_type, source_uri, acquired_at, retention_years, expires_at, reason,
        passages
      )
      select
        $2, id, content_id, content_type, source_uri, acquired_at, retention_years, expires_at,
        case when $4 = 'expired' and superseded_at is not null then 'former_version_expired' else $4 end, $3
      from removed`,
    values: [provenanceId, runId, passages, reason],
  });
}
