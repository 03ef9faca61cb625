/** A dump of an LMS that was made without this project is adopted: its rows stay, and the service answers beside them. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { runRollup } from '../../services/commands/operations/rollup.ts';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { eraseUser } from '../../services/postgres/erasure/erase-user.ts';
import { exportUser } from '../../services/postgres/erasure/export-user.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import type { ContentDocument } from '../../services/provenance/content.ts';
import type { TestDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';
import { inDatabase } from './in-database.ts';

const dump = readFileSync(new URL('lms-dump.sql', import.meta.url), 'utf8');
const yuki = '0a000000-0000-4000-8000-000000000001';
const theirs =
  'select id, user_id, session_id, query, response, model_used, lesson_slug, client, created_at from ai_dialogue_log';

test('dialogues, extra columns and keys stay, and orphans are moved and reported', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    const before = await db.query(`${theirs} where user_id in (select id from users) order by id`);
    const said: string[] = [];
    await migrate(db.url, { print: (line) => said.push(line) });

    expect(said.filter((line) => line.startsWith('Moved'))).toEqual([
      'Moved 3 dialogues of 2 users who are not in users to the table orphaned_dialogue (docs/migration-guide.md).',
    ]);
    expect(await db.query(`${theirs} order by id`)).toEqual(before);
    expect(await db.query('select dialogue from orphaned_dialogue order by id')).toMatchObject([
      { dialogue: { query: '退会した人の質問', client: { os: 'web' }, lesson_slug: 'harmony-2' } },
      { dialogue: { query: 'もう一つの質問' } },
      { dialogue: { query: 'Gone too' } },
    ]);
    expect(await db.query('select count(*) from bookmarks')).toEqual([{ count: 1 }]);
    // What an LMS writes goes on to work, and new orphans are refused.
    await db.query(
      `insert into ai_dialogue_log (user_id, session_id, query, response, model_used) values ($1, $1, 'q', 'a', 'm')`,
      [yuki],
    );
    await expect(
      db.query(`insert into ai_dialogue_log (user_id, session_id, query, response, model_used)
        values (gen_random_uuid(), gen_random_uuid(), 'q', 'a', 'm')`),
    ).rejects.toThrow('ai_dialogue_log_user_id_fkey');
  }));

test('the service answers a learner of the LMS and shows their earlier questions', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await migrate(db.url);
    const chat = await runChat(db.url);
    try {
      const token = await chat.token(yuki);
      const response = await chat.ask({ query: '属七の和音とは何ですか？' }, { token });
      expect(response.status).toBe(200);
      const history = await fetch(`${chat.origin}/api/ai/dialogues`, { headers: { authorization: `Bearer ${token}` } });
      const { dialogues } = (await history.json()) as { dialogues: unknown[] };
      expect(dialogues).toHaveLength(3);
      expect(dialogues.at(-1)).toMatchObject({
        answer: '属音の上に作られる四和音です。「ソ・シ・レ・ファ」がその例です。',
        citations: [],
        latencyMs: null,
        costJpy: null,
        relevanceScore: null,
      });
    } finally {
      await chat.close();
    }
  }));

test('a learner without an LMS account gets an explanation, which is not a failure of the service', () =>
  inDatabase(async (db) => {
    await db.query(dump); // its users need a name, a school and a password
    await migrate(db.url);
    const chat = await runChat(db.url);
    try {
      const response = await chat.ask({ query: 'What is RAG?' }, { token: await chat.token(randomUUID()) });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        type: '/problems/account-missing',
        detail: expect.stringContaining('Sign in to the LMS'),
      });
      expect(await db.query('select count(*) from chat_failure')).toEqual([{ count: 0 }]);
    } finally {
      await chat.close();
    }
  }));

test('if only the LMS may change users, its learners can ask and be erased, and their accounts stay', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await asSuperuser(
      db,
      'alter table users owner to postgres; grant select, references, update (id) on users to rag_owner',
    );
    await migrate(db.url);
    const chat = await runChat(db.url);
    try {
      const asked = async (userId: string) =>
        (await chat.ask({ query: '属七の和音とは何ですか？' }, { token: await chat.token(userId) })).status;
      expect(await asked(yuki)).toBe(200);
      expect(await asked(randomUUID())).toBe(403);
    } finally {
      await chat.close();
    }
    const erase = (account: boolean) => eraseUser(db.pool, { userId: yuki, account, now: () => new Date() });
    await db.query('drop table bookmarks');
    expect(await erase(true)).toBe('account_in_use');
    expect(await erase(false)).toMatchObject({ counts: { ai_dialogue_log: 3, users: 0 } });
  }));

test('LMS roles with access to dialogues, or to some columns, still see all rows', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    const reader = `lms_${randomUUID().slice(0, 8)}`;
    await asSuperuser(db, `create role ${reader}; grant select (id, created_at) on ai_dialogue_log to ${reader}`);
    try {
      await migrate(db.url);
      await asSuperuser(
        db,
        `set role ${reader}; do $$ begin assert (select count(id) from ai_dialogue_log) = 3; end $$`,
      );
    } finally {
      await asSuperuser(db, `drop owned by ${reader}; drop role ${reader}`);
    }
  }));

async function asSuperuser(db: TestDatabase, statements: string): Promise<void> {
  const admin = new pg.Client({ connectionString: db.superuserUrl });
  await admin.connect();
  try {
    await admin.query(statements);
  } finally {
    await admin.end();
  }
}

test('earlier days are rolled up with their known values, and unknown values stay empty', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await migrate(db.url);
    const signal = new AbortController().signal;
    const terminal = { write: () => {}, columns: undefined };
    const flags = { from: '2026-02-28', to: '2026-03-02' };
    expect(await runRollup(flags, { pool: db.pool, now: () => new Date(), terminal, signal })).toBe(0);
    const unknown = {
      citation_rate: null,
      latency_p50_ms: null,
      latency_p95_ms: null,
      latency_p99_ms: null,
      cost_per_answer: null,
      total_cost: null,
      average_tokens_per_query: null,
      average_relevance_score: null,
      positive_votes_rate: null,
      priced_count: 0,
      failed_queries: 0,
    };
    const rows = await db.query(
      `select *, slo_compliance ->> 'overallMet' as met from rag_metrics_history order by date`,
    );
    expect(rows).toMatchObject([
      { date: '2026-02-28', total_queries: 1, unique_users: 1, ...unknown },
      { date: '2026-03-01', total_queries: 2, unique_users: 2, ...unknown },
      { date: '2026-03-02', total_queries: 0, unique_users: 0, ...unknown, met: null },
    ]);
    for (const row of rows.slice(0, 2))
      expect(row.slo_compliance).toMatchObject({ citationRateMet: null, latencyMet: null });
  }));

test('LMS rows that reference an orphan stop the migration before any dialogue is moved', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    const orphan = 'd1000000-0000-4000-8000-000000000004';
    await db.query('insert into bookmarks (user_id, dialogue_id) values ($1, $2)', [yuki, orphan]);
    await expect(migrate(db.url)).rejects.toThrow(
      /Migration 0009_adopt-dialogues \(up\) failed: 1 rows of bookmarks \(its key bookmarks_dialogue_id_fkey\).*Create the users, or remove/,
    );
    expect(await db.query('select count(*) from ai_dialogue_log')).toEqual([{ count: 6 }]);
    await db.query('delete from bookmarks where dialogue_id = $1', [orphan]);
    expect(await migrate(db.url)).toContain('0009_adopt-dialogues');
  }));

test('after reverting everything the LMS has all its rows, orphans included, and can be adopted again', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    const before = await db.query(`${theirs} order by id`);
    const ran = await migrate(db.url);
    await migrate(db.url, { direction: 'down', count: ran.length });
    expect(await db.query(`${theirs} order by id`)).toEqual(before);
    await db.query(`insert into ai_dialogue_log (user_id, session_id, query, response, model_used)
      values (gen_random_uuid(), gen_random_uuid(), 'q', 'a', 'm')`);
    expect(await migrate(db.url)).toEqual(ran);
  }));

test('an interrupted index build is repeated', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await migrate(db.url, { count: 8 });
    // What a kill leaves behind, by the only way that can be had for certain: a build that fails.
    await db
      .query('create unique index concurrently idx_ai_dialogue_session on ai_dialogue_log (session_id)')
      .catch(() => {});
    const valid = `select indisvalid as valid, indisunique as unique from pg_index
      where indexrelid = 'idx_ai_dialogue_session'::regclass`;
    expect(await db.query(valid)).toEqual([{ valid: false, unique: true }]);
    await migrate(db.url);
    expect(await db.query(valid)).toEqual([{ valid: true, unique: false }]);
  }));

test("an erasure deletes the user's orphans, and an export includes them", () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await migrate(db.url);
    const userId = 'dead0000-0000-4000-8000-000000000001';
    const lines: unknown[] = [];
    for await (const page of exportUser(db.pool, userId)) lines.push(...page);
    expect(lines.filter((line) => (line as { type: string }).type === 'orphaned_dialogue')).toMatchObject([
      { dialogue: { query: '退会した人の質問' } },
      { dialogue: { query: 'もう一つの質問' } },
    ]);
    expect(await eraseUser(db.pool, { userId, account: false, now: () => new Date() })).toMatchObject({
      counts: { ai_dialogue_log: 2 },
    });
    expect(await db.query('select count(*) from orphaned_dialogue')).toEqual([{ count: 1 }]);
  }));

test("ingested content belongs to a material of the LMS or has another type, and the LMS's table is unchanged", () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await migrate(db.url);
    const before = await db.query('select * from materials order by id');
    const store = createStoreContent(db.pool);
    const content = { ...answeredContent, materialId: '3a000000-0000-4000-8000-000000000001' };
    await expect(store(answeredContent)).rejects.toThrow('the materials table belongs to the LMS; set materialId');
    await expect(store({ ...content, materialId: randomUUID() })).rejects.toThrow(
      'set materialId to an existing material',
    );
    expect(await store(content)).toBe('created');
    expect(await store(content)).toBe('unchanged');
    expect(await store(answeredContent)).toBe('unchanged'); // it is known by its sourceUri
    expect(await store({ ...answeredContent, sourceUri: 'https://note.com/x', contentType: 'note_article' })).toBe(
      'created',
    );
    const other = '3a000000-0000-4000-8000-000000000002';
    expect(await store({ ...content, materialId: other })).toBe('replaced');
    expect(await db.query(`select content_id from passage where content_type = 'material'`)).toEqual([
      { content_id: other },
    ]);
    await expect(store({ ...content, sourceUri: 'https://example.org/second' })).resolves.toBe('created');
    await expect(store({ ...content, sourceUri: 'https://example.org/third' })).rejects.toThrow(
      'already has the text of https://example.org/second',
    );
    expect(await db.query('select * from materials order by id')).toEqual(before);
  }));

const answeredContent: ContentDocument = {
  sourceUri: 'https://example.org/harmony',
  path: '/tmp/harmony.md',
  origin: { source: 'local', key: 'harmony', versionHash: null },
  language: 'ja',
  publishedAt: null,
  title: '和声学入門',
  contentType: 'material',
  license: 'cc_by',
  rightsHolder: '髙橋 健',
  permission: true,
  externalShareConsent: null,
  retentionYears: null,
  accessPolicy: null,
  acquisitionMethod: 'manual_upload',
  acquiredAt: null,
  manifest: null,
  sha256: 'a'.repeat(64),
  passages: [
    {
      position: 0,
      paragraphIndex: 0,
      pageNumber: null,
      startSeconds: null,
      title: '和声学入門',
      heading: '',
      text: '属七の和音は主和音へ進む。',
    },
  ],
};
