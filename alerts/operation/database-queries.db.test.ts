/** The exporter's query on long transactions, with real sessions of several programs. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { testDatabase } from '../../test/kit/database/test-database.ts';

const db = await testDatabase();
const { rag_database_unexpected_transaction: unexpected } = parse(
  readFileSync('stack/postgres/queries.yaml', 'utf8'),
) as Record<string, { query: string }>;

async function session(application_name: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: db.url, application_name });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(statement);
}

test('open transactions of people and programs are named, those of backups and our exports are not', async () => {
  await session('a person', 'begin');
  await session('pg_dump', 'begin');
  await session('rag-export', 'begin');
  await session('rag-cli', 'begin');
  await session('idle', 'select 1');
  const { rows } = await db.pool.query(unexpected?.query ?? '');
  const programs = rows.map(({ application_name }) => application_name);
  expect(programs).toEqual(expect.arrayContaining(['', 'a person', 'rag-cli']));
  expect(programs).not.toContain('pg_dump');
  expect(programs).not.toContain('rag-export');
  expect(programs).not.toContain('idle');
  for (const { seconds } of rows) expect(seconds).toBeGreaterThanOrEqual(0);
});
