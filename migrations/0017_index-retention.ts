/** Builds the indexes of retention and verification while provenance, which every answer adds to, is read and written. */
import type { MigrationBuilder } from 'node-pg-migrate';

const indexes = [
  [
    'idx_provenance_unremoved',
    `(expires_at) where retention_years is not null and removed_at is null and content_type <> 'ai_response'`,
  ],
  [
    'idx_provenance_verification',
    `(last_verified_at nulls first, id) include (verification_status)
     where superseded_at is null and removed_at is null and content_type <> 'ai_response'`,
  ],
] as const;

/** Killed half-way, it goes on with the index it was at. An empty table needs no such care, and may be part of a transaction. */
export async function up(pgm: MigrationBuilder): Promise<void> {
  const [{ filled }] = await pgm.db.select('select exists (select from provenance) as filled');
  if (!filled) {
    for (const [name, columns] of indexes) pgm.sql(`create index ${name} on provenance ${columns}`);
    return;
  }
  const there = await standing(pgm);
  pgm.noTransaction();
  // Waiting for old transactions to end stands in nobody's way here; a limit would leave an invalid index each time.
  await pgm.db.query(`set lock_timeout = '10min'`);
  for (const [name, columns] of indexes) {
    if (there.get(name) === true) continue;
    if (there.get(name) === false) await pgm.db.query(`drop index concurrently ${name}`);
    await pgm.db.query(`create index concurrently ${name} on provenance ${columns}`);
  }
}

export async function down(pgm: MigrationBuilder): Promise<void> {
  for (const [name] of indexes) pgm.sql(`drop index if exists ${name}`);
}

/** Whether each index that is there is valid. */
async function standing(pgm: MigrationBuilder): Promise<ReadonlyMap<string, boolean>> {
  const rows: { name: string; valid: boolean }[] = await pgm.db.select(`
    select relname as name, indisvalid and indisready as valid
    from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = 'provenance'::regclass`);
  return new Map(rows.map(({ name, valid }) => [name, valid]));
}
