/** Holds the rows of an adopted `ai_dialogue_log` against its checks and its key, while it is read and written. */
import type { MigrationBuilder } from 'node-pg-migrate';

const key = 'ai_dialogue_log_user_id_fkey';
const constraints = [
  'ai_dialogue_log_latency_ms_check',
  'ai_dialogue_log_token_cost_jpy_check',
  'ai_dialogue_log_citation_rate_check',
  'ai_dialogue_log_prompt_tokens_check',
  'ai_dialogue_log_completion_tokens_check',
  'ai_dialogue_log_total_tokens_check',
  'ai_dialogue_log_relevance_score_check',
  'ai_dialogue_log_user_feedback_check',
  'ai_dialogue_log_context_window_size_check',
  'ai_dialogue_log_withheld_check',
  key,
];

/** The checks in one reading of the table, the key in another; each is done for good where this is killed. */
export async function up(pgm: MigrationBuilder): Promise<void> {
  const open: { name: string }[] = await pgm.db.select({
    text: `
      select conname as name from pg_constraint
      where conrelid = 'ai_dialogue_log'::regclass and not convalidated and conname = any ($1) order by conname`,
    values: [constraints],
  });
  const [row] = await pgm.db.select('select from ai_dialogue_log limit 1');
  // Next to no work, which may share a transaction.
  if (open.length > 0 && row !== undefined) pgm.noTransaction();
  const names = open.map(({ name }) => name);
  for (const together of [names.filter((name) => name !== key), names.filter((name) => name === key)]) {
    if (together.length === 0) continue;
    const steps = together.map((name) => `validate constraint ${name}`);
    await pgm.db.query(`alter table ai_dialogue_log ${steps.join(', ')}`);
  }
}

/** A constraint that holds may be known to hold. */
export async function down(): Promise<void> {}
