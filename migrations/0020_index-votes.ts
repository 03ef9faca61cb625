/** Indexes answers with a vote and quality scores, without blocking writes to an `ai_dialogue_log` with rows. */
import type { MigrationBuilder } from 'node-pg-migrate';

const name = 'idx_ai_dialogue_voted';
const definition = 'on ai_dialogue_log (created_at) where user_feedback in (-1, 1) and quality is not null';

/** An empty table takes part in the transaction. A killed build leaves an invalid index, which the next run builds again. */
export async function up(pgm: MigrationBuilder): Promise<void> {
  const [{ filled }] = await pgm.db.select('select exists (select from ai_dialogue_log) as filled');
  if (!filled) {
    pgm.sql(`create index if not exists ${name} ${definition}`);
    return;
  }
  pgm.noTransaction();
  const [{ limit }] = await pgm.db.select(`select current_setting('lock_timeout') as limit`);
  await pgm.db.query(`set lock_timeout = '10min'`);
  await pgm.db.query(`drop index concurrently if exists ${name}`);
  await pgm.db.query(`create index concurrently ${name} ${definition}`);
  await pgm.db.query(`set lock_timeout = '${limit}'`);
}

export async function down(pgm: MigrationBuilder): Promise<void> {
  pgm.sql(`drop index if exists ${name}`);
}
