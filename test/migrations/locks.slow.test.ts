/** The table of locks in docs/migration-guide.md is what each migration takes. */
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { inDatabase } from './in-database.ts';

const directory = new URL('../../migrations/', import.meta.url);
const names = readdirSync(directory).sort();
const guide = readFileSync(new URL('../../docs/migration-guide.md', import.meta.url), 'utf8');

/** Strongest last, as pg_locks and as the documentation of PostgreSQL spell them. */
const noticed = {
  ShareUpdateExclusiveLock: 'SHARE UPDATE EXCLUSIVE',
  ShareLock: 'SHARE',
  ShareRowExclusiveLock: 'SHARE ROW EXCLUSIVE',
  AccessExclusiveLock: 'ACCESS EXCLUSIVE',
} as const;

/** By table, what the guide says of a migration. */
function told(migration: string): Record<string, string> {
  const row = guide.split('\n').find((line) => line.startsWith(`| ${migration.slice(0, 4)} |`));
  const locks = (row?.split('|')[2] ?? '').split(';').flatMap((group) => {
    const [tables = '', lock = ''] = group.split(': ');
    return [...tables.matchAll(/`(\w+)`/g)].map(([, table = '']) => [table, lock.trim()]);
  });
  return Object.fromEntries(locks);
}

/** By table that was there before, the strongest lock of one that others notice. */
async function taken(url: string, migration: string): Promise<Record<string, string>> {
  const [up = ''] = readFileSync(new URL(migration, directory), 'utf8').split('-- Down Migration');
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('begin');
    const before = await client.query(`select array_agg(oid) as oids from pg_class where relkind = 'r'`);
    await client.query(up);
    const { rows } = await client.query<{ name: string; modes: (keyof typeof noticed)[] }>(
      `select relname as name, array_agg(mode) as modes from pg_locks join pg_class on pg_class.oid = relation
       where pid = pg_backend_pid() and relation = any($1) and relnamespace = 'public'::regnamespace group by relname`,
      [before.rows[0].oids],
    );
    await client.query('rollback');
    const order = Object.keys(noticed);
    const strongest = rows.map(
      ({ name, modes }) => [name, Math.max(...modes.map((mode) => order.indexOf(mode)))] as const,
    );
    return Object.fromEntries(
      strongest.filter(([, at]) => at >= 0).map(([name, at]) => [name, Object.values(noticed)[at] ?? '']),
    );
  } finally {
    await client.end();
  }
}

test(
  'each migration takes exactly the locks listed in the guide',
  () =>
    inDatabase(async (db) => {
      await migrate(db.url, { count: 1 }); // what an LMS has
      await db.query(`create table ai_dialogue_log (id uuid primary key, user_id uuid not null, session_id uuid not null,
      query text not null, response text not null, model_used varchar(100) not null,
      created_at timestamptz not null default now(), updated_at timestamptz not null default now())`);
      await db.query(`with created as (insert into users (id) values (gen_random_uuid()) returning id)
      insert into ai_dialogue_log (id, user_id, session_id, query, response, model_used)
      select gen_random_uuid(), id, id, 'q', 'a', 'm' from created`);
      for (const name of names.slice(1)) {
        // Those in TypeScript work outside a transaction on a table with rows.
        if (name.endsWith('.sql')) expect([name, await taken(db.url, name)]).toEqual([name, told(name)]);
        expect(await migrate(db.url, { count: 1 })).toHaveLength(1);
      }
    }),
  60_000,
);
