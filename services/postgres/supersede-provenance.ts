/** Marks a provenance row as history: another version of the content has replaced it. */
import type { ClientBase } from 'pg';

export async function supersedeProvenance(client: ClientBase, provenanceId: string): Promise<void> {
  await client.query({
    name: 'supersede-provenance',
    text: 'update provenance set superseded_at = now() where id = $1',
    values: [provenanceId],
  });
}
