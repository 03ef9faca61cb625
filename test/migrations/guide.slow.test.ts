/** The statements of docs/migration-guide.md run as they are written there, and do what it says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { inDatabase } from './in-database.ts';

const guide = readFileSync(new URL('../../docs/migration-guide.md', import.meta.url), 'utf8');
const dump = readFileSync(new URL('lms-dump.sql', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql = '']) => sql);

function block(about: string): string {
  const found = blocks.filter((sql) => sql.includes(about));
  expect(found, about).toHaveLength(1);
  return found[0] ?? '';
}

test('every statement in the guide runs on an adopted database', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await migrate(db.url);
    expect(blocks.length).toBeGreaterThan(6);
    for (const sql of blocks) await db.query(sql);
    await db.query('drop schema kept cascade');
  }));

test('orphans are restored when the LMS recreates their users', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await migrate(db.url);
    await db.query(`insert into users (id, school_id, email, display_name, password_hash)
      select 'dead0000-0000-4000-8000-000000000001', id, 'back@aoba.example', '戻った人', 'x' from schools limit 1`);
    await db.query(block('insert into ai_dialogue_log'));
    expect(
      await db.query(`select query from ai_dialogue_log where user_id::text like 'dead%' order by created_at`),
    ).toEqual([{ query: '退会した人の質問' }, { query: 'もう一つの質問' }]);
    expect(await db.query('select count(*) from orphaned_dialogue')).toEqual([{ count: 1 }]);
  }));

test('a violated constraint is named, and the migration continues once the row is corrected', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    await db.query('alter table ai_dialogue_log add column latency_ms integer');
    await db.query(`update ai_dialogue_log set latency_ms = -7 where query = 'その解決は？'`);
    await expect(migrate(db.url)).rejects.toThrow(
      'Migration 0009_adopt-dialogues (up) failed: check constraint "ai_dialogue_log_latency_ms_check" of relation "ai_dialogue_log" is violated by some row',
    );
    expect(await db.query(block('latency_ms < 0'))).toMatchObject([{ latency_ms: -7 }]);
    await db.query('update ai_dialogue_log set latency_ms = null where latency_ms < 0');
    expect(await migrate(db.url)).toContain('0009_adopt-dialogues');
  }));

test('data saved before reverting survives it', () =>
  inDatabase(async (db) => {
    await db.query(dump);
    const { length } = await migrate(db.url);
    await db.query(block('create schema kept'));
    await migrate(db.url, { direction: 'down', count: length });
    expect(
      await db.query(`select count(*) from kept.ai_dialogue_log where kept_row ->> 'outcome' = 'answered'`),
    ).toEqual([{ count: 3 }]);
  }));
