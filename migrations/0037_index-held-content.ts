/** Builds the indexes of what is held under which licence, and of what changed, while provenance, which every answer adds to, is in use. */
import type { MigrationBuilder } from 'node-pg-migrate';

const indexes = [
  [
    'idx_provenance_held',
    `(license_type, acquisition_method, permission_flag, external_share_consent)
     where content_type <> 'ai_response' and superseded_at is null and removed_at is null`,
  ],
  [
    'idx_provenance_changed',
    `(last_verified_at) where verification_status in ('hash_mismatch', 'manifest_mismatch', 'manifest_invalid')`,
  ],
] as const;

/** Killed half-way, it begins again. An empty table needs no such care, and may be part of a transaction. */
export async function up(pgm: MigrationBuilder): Promise<void> {
  const [{ filled }] = await pgm.db.select('select exists (select from provenance) as filled');
  if (!filled) {
    for (const [name, columns] of indexes) pgm.sql(`create index ${name} on provenance ${columns}`);
    return;
  }
  pgm.noTransaction();
  // Waiting for old transactions to end stands in nobody's way here; a limit would leave an invalid index each time.
  await pgm.db.query(`set lock_timeout = '10min'`);
  for (const [name, columns] of indexes) {
    await pgm.db.query(`drop index concurrently if exists ${name}`);
    await pgm.db.query(`create index concurrently ${name} on provenance ${columns}`);
  }
}

export async function down(pgm: MigrationBuilder): Promise<void> {
  for (const [name] of indexes) pgm.sql(`drop index if exists ${name}`);
}
