/** Every migration is taken back and run again on tables with rows, and makes the same tables. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { schemaObjects } from '../kit/database/schema-objects.ts';
import { fillTables } from './fill-tables.ts';
import { inDatabase } from './in-database.ts';

const names = readdirSync(new URL('../../migrations', import.meta.url)).map((name) => name.replace(/\.\w+$/, ''));
const dialogues = 3_001;
const base = 'select id, user_id, session_id, query, response, model_used, created_at from ai_dialogue_log order by id';

test(
  'each migration, newest first, runs down and up again on filled tables and leaves the same schema',
  () =>
    inDatabase(async (db) => {
      await migrate(db.url);
      await fillTables(db, dialogues);
      const whole = await schemaObjects(db.url);
      const rows = await db.query(base);
      for (const name of names.toSorted().reverse()) {
        const before = await schemaObjects(db.url);
        expect(await migrate(db.url, { direction: 'down' })).toEqual([name]);
        expect(await migrate(db.url, { count: 1 })).toEqual([name]);
        // On a table with rows 0009 finishes what these begin; the test compares the whole below.
        if (!/^000[234]_/.test(name)) expect(await schemaObjects(db.url), `${name} down and up`).toEqual(before);
        await migrate(db.url, { direction: 'down' });
      }
      await migrate(db.url);
      expect(await schemaObjects(db.url)).toEqual(whole);
      expect(await db.query(base)).toEqual(rows);
      expect(await db.query('select count(*) from materials')).toEqual([{ count: 53 }]);
    }),
  120_000,
);

test('migrations are numbered from 0001 without a gap', () => {
  const expected = names.map((_, index) => String(index + 1).padStart(4, '0'));
  expect(names.map((name) => name.slice(0, 4)).sort()).toEqual(expected);
});

test('reverting everything leaves a base table without our dependencies, with every row', () =>
  inDatabase(async (db) => {
    await migrate(db.url);
    await fillTables(db, dialogues);
    const rows = await db.query(base);
    await migrate(db.url, { direction: 'down', count: names.length });
    expect(await db.query(base)).toEqual(rows);
    const columns = await db.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = 'ai_dialogue_log'::regclass and attnum > 0
       and not attisdropped order by 1`,
    );
    expect(columns.map(({ name }) => name).join(' ')).toBe(
      'created_at id model_used query response session_id updated_at user_id',
    );
    const [user] = await db.query('select id from users limit 1');
    await db.query(
      `insert into ai_dialogue_log (user_id, session_id, query, response, model_used) values ($1, $1, 'q', 'a', 'm')`,
      [user?.id],
    );
    const foreign = (await schemaObjects(db.url)).filter(({ name }) => /^(function|type|policy|trigger) /.test(name));
    expect(foreign).toEqual([]);
  }));
