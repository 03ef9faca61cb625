/** Builds the indexes of an adopted `ai_dialogue_log` while it is read and written. */
import type { MigrationBuilder } from 'node-pg-migrate';

const indexes = [
  ['idx_ai_dialogue_user', '(user_id)'],
  ['idx_ai_dialogue_session', '(session_id)'],
  ['idx_ai_dialogue_created_at', '(created_at)'],
  ['idx_ai_dialogue_citation_rate', '(citation_rate)'],
  ['idx_ai_dialogue_user_created', '(user_id, created_at desc)'],
] as const;

/** Nothing to do where 0002 and 0003 found the table empty. Killed half-way, it goes on with the index it was at. */
export async function up(pgm: MigrationBuilder): Promise<void> {
  const there = await standing(pgm);
  const missing = indexes.filter(([name]) => there.get(name) !== true);
  if (missing.length === 0) return;
  pgm.noTransaction();
  // Waiting for old transactions to end stands in nobody's way here; a limit would leave an invalid index each time.
  await pgm.db.query(`set lock_timeout = '10min'`);
  for (const [name, columns] of missing) {
    if (there.get(name) === false) await pgm.db.query(`drop index concurrently ${name}`);
    await pgm.db.query(`do $$ begin raise notice 'Building ${name}; ai_dialogue_log stays in use.'; end $$`);
    await pgm.db.query(`create index concurrently ${name} on ai_dialogue_log ${columns}`);
  }
}

/** 0002 and 0003 drop them. */
export async function down(): Promise<void> {}

/** Whether each index that is there is valid: one whose building was cut off stays, is kept up to date, and helps nobody. */
async function standing(pgm: MigrationBuilder): Promise<ReadonlyMap<string, boolean>> {
  const rows: { name: string; valid: boolean }[] = await pgm.db.select(`
    select relname as name, indisvalid and indisready as valid
    from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = 'ai_dialogue_log'::regclass`);
  return new Map(rows.map(({ name, valid }) => [name, valid]));
}
