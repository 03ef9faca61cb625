/** Finds triggers, rules and checks of an adopted `ai_dialogue_log` that block inserts, votes or erasures. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

type Verb = 'insert' | 'update' | 'delete';

type Row = { id: string; user_id: string; query: string; response: string; model_used: string };

/** `role` performs the change in production. */
const changes: readonly { verb: Verb; past: string; role: string; need: string }[] = [
  { verb: 'insert', past: 'inserted', role: 'rag_recorder', need: 'every answer requires' },
  { verb: 'update', past: 'updated', role: 'rag_app', need: 'votes and scores require' },
  { verb: 'delete', past: 'deleted', role: 'rag_app', need: 'erasure and retention require' },
];

/**
 * Only a trial shows whether a trigger raises an error, or skips the row by returning null: it changes one row in a
 * transaction that is rolled back, as the role used in production if it exists. A locked table passes.
 * @returns one line per problem, with the fix
 */
export async function findBlockedWrites(client: pg.Client): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { verb, past, role, need } of changes) {
    const { rows } = await client.query<{ name: string; kind: string }>({ text: changers, values: [verb] });
    const of = (wanted: string) => rows.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    const [triggers, checks, rules] = [of('trigger'), of('check'), of('rule')];
    problems.push(
      ...rules.map(
        (name) =>
          `the rule ${name} interferes with ${verb}s: drop rule ${name} on ai_dialogue_log, and use a trigger instead`,
      ),
    );
    if (rows.length === 0 || rules.length > 0) continue;
    const failure = await tryChange(client, verb, role);
    if (failure === null) continue;
    problems.push(
      `rows of ai_dialogue_log cannot be ${past} (${failure}), which ${need}: ${[
        ...(triggers.length > 0 ? [`alter table ai_dialogue_log disable trigger NAME (${triggers.join(', ')})`] : []),
        ...(checks.length > 0 ? [`alter table ai_dialogue_log drop constraint NAME (${checks.join(', ')})`] : []),
        ...(triggers.length > 0 ? ['or make the trigger function "security definer" if it lacks a privilege'] : []),
      ].join(', ')}`,
    );
  }
  return problems;
}

/** Without constraint triggers and our own. An insert with `on conflict` tolerates no rule for inserts or updates. */
const changers = `
  select quote_ident(tgname) as name, 'trigger' as kind
  from pg_trigger
  where tgrelid = to_regclass('ai_dialogue_log') and not tgisinternal and tgenabled <> 'D'
    and tgfoid::regproc::text <> all ('{rag_set_updated_at,refuse_erased_dialogues,rag_forget_judging}')
    and (tgtype & case $1 when 'insert' then 4 when 'delete' then 8 else 16 end) <> 0
  union all
  select quote_ident(conname), 'check'
  from pg_constraint
  where $1 = 'insert' and conrelid = to_regclass('ai_dialogue_log') and contype = 'c'
    and conname !~ '^ai_dialogue_log_(latency_ms|token_cost_jpy|citation_rate|(prompt|completion|total)_tokens|relevance_score|user_feedback|context_window_size|withheld)_check$'
  union all
  select quote_ident(rulename), 'rule'
  from pg_rewrite
  where ev_class = to_regclass('ai_dialogue_log') and ev_enabled <> 'D' and (is_instead or $1 <> 'delete')
    and ev_type = case $1 when 'insert' then '3' when 'delete' then '4' else '2' end
  order by 1`;

/** @returns why the change failed; null: it succeeded, or another check reports the failure */
async function tryChange(client: pg.Client, verb: Verb, role: string): Promise<string | null> {
  let acting = false;
  let row: Row | null = null;
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = '500ms'`);
    row = await anyRow(client);
    if (row === null) return null;
    if (verb !== 'insert' && row.id === '') {
      row.id = randomUUID();
      await client.query(insertion(row));
    }
    acting = await assumeRole(client, role, row.user_id);
    const { rowCount } = await client.query(changeOf(verb, row, acting));
    await client.query('set constraints all immediate');
    return rowCount === 0 ? 'no row was changed' : null;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    // Other checks report keys, locks and the owner's privileges.
    if (/^(23(50[35]|E01)|55|40|57|08)/.test(code) || (code === '42501' && !acting)) return null;
    // User text must not reach the terminal or the log.
    if ([row?.query, row?.response].some((text) => text && message.includes(text))) return `SQLSTATE ${code}`;
    return code === '42501' ? `${message} for ${role}` : message;
  } finally {
    await client.query('rollback');
  }
}

/** @returns an existing row, or one to insert (with an empty id); null: there is no user */
async function anyRow(client: pg.Client): Promise<Row | null> {
  const known = await client.query(`select where to_regclass('users') is not null`);
  if (known.rowCount === 0) return null;
  const { rows } = await client.query<Row>(
    'select id, user_id, query, response, model_used from ai_dialogue_log where user_id in (select id from users) limit 1',
  );
  if (rows[0] !== undefined) return rows[0];
  const users = await client.query<{ id: string }>('select id from users limit 1');
  const [user] = users.rows;
  return user === undefined ? null : { id: '', user_id: user.id, query: '?', response: '?', model_used: 'extractive' };
}

/** @returns whether the following statements run as the role */
async function assumeRole(client: pg.Client, role: string, userId: string): Promise<boolean> {
  const { rows } = await client.query<{ able: boolean }>({
    text: `select pg_has_role(oid, 'member') and has_table_privilege(oid, 'ai_dialogue_log', 'insert, delete') as able
      from pg_roles where rolname = $1`,
    values: [role],
  });
  if (!rows[0]?.able) return false;
  await client.query(`set local role ${role}`);
  await client.query({ text: `select set_config('app.user_id', $1, true)`, values: [userId] });
  return true;
}

function changeOf(verb: Verb, row: Row, acting: boolean): pg.QueryConfig {
  if (verb === 'insert') return insertion({ ...row, id: randomUUID() });
  const change =
    verb === 'delete'
      ? 'delete from ai_dialogue_log'
      : `update ai_dialogue_log set ${acting ? 'user_feedback = user_feedback' : 'id = id'}`;
  return { text: `${change} where id = $1`, values: [row.id] };
}

function insertion({ id, user_id, query, response, model_used }: Row): pg.QueryConfig {
  return {
    text: `insert into ai_dialogue_log (id, user_id, session_id, query, response, model_used, created_at)
      values ($1, $2, $1, $3, $4, $5, now()) on conflict do nothing`,
    values: [id, user_id, query, response, model_used],
  };
}
