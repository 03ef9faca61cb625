import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { insertDialogue, insertUser } from '../../../test/kit/database/fixtures.ts';
import { makeLogin } from '../../../test/kit/database/login.ts';
import { queryRows } from '../../../test/kit/database/query-rows.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { connect, programRoles, RoleNotGranted } from './connect.ts';
import { requireRoles } from './startup-checks.ts';
import { asUser } from './transaction.ts';

const db = await testDatabase();
const [yuki, ken] = [await insertUser(db), await insertUser(db)];
for (const user_id of [yuki, ken, ken]) await insertDialogue(db, { user_id });
const dialogues = new Map([
  [yuki, 1],
  [ken, 2],
]);

/** One connection, so that state left by one transaction reaches the next one. */
const pools = [true, false].map((pipeline) =>
  connect(db.url, { name: 'as-user', role: 'rag_app', max: 1, pipeline, statementTimeoutMs: 700 }),
);
afterAll(() => Promise.all(pools.map((pool) => pool.end())));

const ending = fc.constantFrom('commit', 'statement fails', 'work throws', 'connection is cut', 'times out');
const step = fc.record({ user: fc.constantFrom(yuki, ken, null), ending });

test.each([
  ['pipelined', pools[0]],
  ['sequential', pools[1]],
])(
  'each transaction sees only the rows of its own user, however the previous ones ended (%s)',
  async (_how, pool) => {
    if (pool === undefined) throw new Error('pools are missing');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (steps) => {
        for (const { user, ending } of steps) {
          if (user === null) {
            expect((await pool.query('select from ai_dialogue_log')).rowCount).toBe(0);
            continue;
          }
          const seen = asUser(pool, user, async (client) => {
            const { rowCount } = await client.query('select from ai_dialogue_log');
            if (ending === 'statement fails') await client.query('select 1 / 0');
            if (ending === 'work throws') throw new Error('of its own');
            if (ending === 'times out')
              await client.query({ text: 'select pg_sleep(60)', query_timeout: 20 } as { text: string });
            if (ending === 'connection is cut') await client.query('select pg_terminate_backend(pg_backend_pid())');
            return rowCount;
          });
          if (ending === 'commit') expect(await seen).toBe(dialogues.get(user));
          else await expect(seen).rejects.toThrow();
        }
      }),
      { numRuns: 25 },
    );
  },
  120_000,
);

test('concurrent users on few connections each see their own rows', async () => {
  const pool = connect(db.url, { name: 'as-user', role: 'rag_app', max: 3, pipeline: true });
  try {
    const users = Array.from({ length: 120 }, (_, index) => (index % 3 === 0 ? ken : yuki));
    const seen = await Promise.all(
      users.map((user) =>
        asUser(pool, user, async (client) => (await client.query('select user_id from ai_dialogue_log')).rows),
      ),
    );
    for (const [index, rows] of seen.entries())
      expect(rows.map(({ user_id }) => user_id)).toEqual(users[index] === ken ? [ken, ken] : [yuki]);
  } finally {
    await pool.end();
  }
});

test('an invalid user id fails only its own statement', async () => {
  const [pool] = pools;
  if (pool === undefined) throw new Error('pools are missing');
  await expect(asUser(pool, `x' or true --`, (client) => client.query('select from ai_dialogue_log'))).rejects.toThrow(
    'invalid input syntax for type uuid',
  );
  expect((await pool.query('select from ai_dialogue_log')).rowCount).toBe(0);
});

test('a pool whose login cannot take its role names the role and the grant', async () => {
  const pool = connect(await makeLogin(db, ['rag_app']), { name: 'wrong', role: 'rag_worker' });
  const failure = await pool.query('select 1').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RoleNotGranted);
  expect(String(failure)).toContain('cannot take the role rag_worker');
  expect(String(failure)).toContain('grant rag_worker to');
  await pool.end();
});

test('a program whose login lacks a role refuses to start, but an unavailable database does not stop it', async () => {
  const lacking = await makeLogin(db, ['rag_app', 'rag_recorder']);
  await expect(requireRoles(lacking, programRoles.chat)).rejects.toThrow('cannot take the role rag_auditor');
  await requireRoles(await makeLogin(db, programRoles.worker), programRoles.worker);
  await requireRoles('postgres://nobody@127.0.0.1:1/none', programRoles.chat);
});

test('a connection that replaces a lost one takes the role too', async () => {
  const pool = connect(db.url, { name: `as-user-${randomUUID()}`, role: 'rag_app', max: 1 });
  try {
    const [{ pid }] = (await pool.query('select pg_backend_pid() as pid')).rows;
    await queryRows(db.superuserUrl, `select pg_terminate_backend(${pid}, 5000)`);
    await expect
      .poll(() => pool.query('select current_user as role').then(({ rows }) => rows, String))
      .toEqual([{ role: 'rag_app' }]);
  } finally {
    await pool.end();
  }
});
