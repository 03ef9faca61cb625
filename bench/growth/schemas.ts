/** Creates the same dialogues in two schemas: in one table, and partitioned by month. */
import type { ClientBase } from 'pg';

export const schemas = ['plain', 'monthly'] as const;
export type Schema = (typeof schemas)[number];

/** @param days up to today. Rows are short, because indexes and row counts matter here, not the text. */
export async function makeSchema(
  db: ClientBase,
  schema: Schema,
  { days, perDay, people }: { days: number; perDay: number; people: number },
): Promise<void> {
  const partitioned = schema === 'monthly';
  await db.query(`create schema ${schema}; set search_path = ${schema}, public`);
  await db.query(
    `create table ai_dialogue_log (
       like public.ai_dialogue_log including defaults including constraints
     ) ${partitioned ? 'partition by range (created_at)' : ''};
     create table provenance (like public.provenance including defaults including constraints including generated);
     create table chat_failure (like public.chat_failure including all)`,
  );
  if (partitioned) {
    await db.query(
      `do $$ begin
         for month in 0..${Math.ceil(days / 28)} loop
           execute format('create table dialogue_%s partition of ai_dialogue_log for values from (%L) to (%L)', month,
             date_trunc('month', now()) - make_interval(months => month),
             date_trunc('month', now()) - make_interval(months => month - 1));
         end loop;
       end $$`,
    );
  }
  await db.query(
    `insert into ai_dialogue_log (id, user_id, session_id, query, response, model_used, citations, latency_ms, token_cost_jpy,
       total_tokens, relevance_score, created_at, updated_at)
     select uuidv7(at - clock_timestamp()),
       ('00000000-0000-4000-8000-' || lpad(to_hex(floor($3 * random() ^ 2)::bigint), 12, '0'))::uuid,
       gen_random_uuid(), 'q', 'a', 'm', jsonb_build_array(jsonb_build_object('source', 's' || n % 997, 'valid', true)),
       (730 * exp(0.6 * random_normal()))::integer, random()::numeric(12, 6), 700, 0.8, at, at
     from generate_series(1, $1::bigint * $2) as n
     cross join lateral (select now() - make_interval(secs => 86400.0 * ($1 - n::float8 / $2))) as time (at)`,
    [days, perDay, people],
  );
  await db.query(
    `insert into provenance (id, content_id, content_type, acquired_at)
     select id, id, 'ai_response', created_at from ai_dialogue_log`,
  );
  await db.query(
    `create index on ai_dialogue_log (user_id);
     create index on ai_dialogue_log (session_id);
     create index on ai_dialogue_log (created_at);
     create index on ai_dialogue_log (citation_rate);
     create index on ai_dialogue_log (user_id, created_at desc);
     create index on provenance (content_id, content_type);
     create index on provenance (dialogue_id) where dialogue_id is not null;
     alter table ai_dialogue_log add primary key ${partitioned ? '(id, created_at)' : '(id)'};
     alter table provenance add primary key (id);
     alter table provenance add foreign key ${partitioned ? '(dialogue_id, acquired_at)' : '(dialogue_id)'}
       references ai_dialogue_log ${partitioned ? '(id, created_at)' : '(id)'} on delete cascade`,
  );
  await db.query('vacuum analyze ai_dialogue_log');
  await db.query('vacuum analyze provenance');
}
