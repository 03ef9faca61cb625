/** With plain SQL, a role can only complete an erasure of its own user with a correct receipt. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asUser } from '../../services/postgres/client/transaction.ts';
import { eraseUser } from '../../services/postgres/erasure/erase-user.ts';
import { raiseErasureFence } from '../../services/postgres/erasure/fences.ts';
import { receiptHash } from '../../services/postgres/erasure/receipt-chain.ts';
import { appendReceipt, replayReceipt } from '../../services/postgres/erasure/receipts.ts';
import { verifyReceipts } from '../../services/postgres/erasure/verify-receipts.ts';
import { asRole } from '../kit/database/as-role.ts';
import { insertUser } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';

const db = await testDatabase();
const app = asRole(db.url, 'rag_app');
const others = [asRole(db.url, 'rag_recorder'), asRole(db.url, 'rag_worker'), asRole(db.url, 'rag_auditor')];
const denied = /permission denied/;
const counts = { ai_dialogue_log: 7, provenance: 5, relevance_judging: 3, idempotency_key: 2, users: 1 };
const [yuki, ken] = [await insertUser(db), await insertUser(db)];
for (const userId of [yuki, ken]) await eraseUser(db.pool, { userId, account: false, now: () => new Date() });

const chain = () => db.query('select r, c from erasure_receipt r, erasure_chain c order by r.number');
const fenceOf = async (userId: string): Promise<string> => {
  const id = randomUUID();
  await asUser(app.pool, userId, (client) => raiseErasureFence(client, { id, userId, askedUntil: new Date(0) }));
  return id;
};
const append = `select rag_append_receipt($1, false, $2)`;

const forgeries = [
  `insert into erasure_receipt select number + 1, gen_random_uuid(), erased_at, account, counts, hash, hash
    from erasure_receipt order by number desc limit 1`,
  `update erasure_receipt set counts = '{}'`,
  `update erasure_receipt set number = number + 1`,
  'delete from erasure_receipt',
  'truncate erasure_receipt',
  'update erasure_chain set receipts = receipts - 1',
  `update erasure_chain set hash = repeat('0', 64)`,
  'insert into erasure_chain (receipts, hash) select receipts, hash from erasure_chain',
  'delete from erasure_chain',
  'truncate erasure_chain',
  'lock erasure_chain in row exclusive mode',
  `update erasure_fence set receipt_id = gen_random_uuid()`,
  `insert into erasure_fence (id, user_sha256, asked_until, receipt_id) values (gen_random_uuid(), '', now(), gen_random_uuid())`,
  `select rag_add_receipt(gen_random_uuid(), '2020-01-01', false, '{}', null, null)`,
  'alter table erasure_receipt disable trigger all',
  'drop table erasure_receipt',
];

test.each(forgeries)('no role may run: %s', async (sql) => {
  const before = await chain();
  for (const role of [app, ...others])
    await expect(role.run(sql, [], yuki)).rejects.toThrow(/permission denied|must be owner/);
  expect(await chain()).toEqual(before);
});

test('only a request of the learner completes an erasure', async () => {
  const fence = await fenceOf(yuki);
  for (const role of others) await expect(role.run(append, [fence, counts], yuki)).rejects.toThrow(denied);
});

test.each([
  ['of another user', async () => fenceOf(ken)],
  ['that never started', async () => randomUUID()],
  [
    'that has a receipt already',
    async () => {
      const fence = await fenceOf(yuki);
      await app.run(append, [fence, counts], yuki);
      return fence;
    },
  ],
])('an erasure %s is rejected without a receipt', async (_what, begin) => {
  const fence = await begin();
  const before = await chain();
  await expect(app.run(append, [fence, counts], yuki)).rejects.toThrow('the current user has no erasure in progress');
  await expect(app.run(append, [fence, counts])).rejects.toThrow('the current user has no erasure in progress');
  expect(await chain()).toEqual(before);
});

test.each([
  ['a negative count', { ...counts, provenance: -1 }],
  ['a fractional count', { ...counts, provenance: 1.5 }],
  ['a count that is not a number', { ...counts, provenance: 'many' }],
  ['a missing count', { ...counts, provenance: null }],
  ['a missing table', { ai_dialogue_log: 7 }],
  ['an unknown table', { ...counts, secrets: 1 }],
  ['a wrong table name', { ...counts, provenance: undefined, Provenance: 1 }],
  ['no counts', null],
  ['a list', [7]],
])('a receipt with %s is refused, and the erasure can still be completed', async (_what, submitted) => {
  const fence = await fenceOf(yuki);
  const before = await chain();
  await expect(app.run(append, [fence, JSON.stringify(submitted)], yuki)).rejects.toThrow();
  expect(await chain()).toEqual(before);
  await app.run(append, [fence, counts], yuki);
});

test('the database dates, numbers and chains a receipt, and stores its id with the fence', async () => {
  const fence = await fenceOf(yuki);
  const { head } = await verifyReceipts(db.pool);
  const [before] = await db.query<{ now: Date }>(`select date_trunc('milliseconds', clock_timestamp()) as now`);
  const receipt = await asUser(app.pool, yuki, (client) => appendReceipt(client, { fence, account: true, counts }));
  expect(receipt).toMatchObject({ number: (head?.receipts ?? 0) + 1, previousHash: head?.hash, account: true, counts });
  expect(receipt.erasedAt.getTime()).toBeGreaterThanOrEqual(before?.now.getTime() ?? Number.NaN);
  expect(receipt.hash).toBe(receiptHash(receipt, receipt.previousHash));
  expect(await db.query('select receipt_id from erasure_fence where id = $1', [fence])).toEqual([
    { receipt_id: receipt.id },
  ]);
  expect((await verifyReceipts(db.pool)).fault).toBeNull();
});

test('a rolled-back erasure leaves no gap in the numbers', async () => {
  const { head } = await verifyReceipts(db.pool);
  const fence = await fenceOf(yuki);
  const rolledBack = asUser(app.pool, yuki, async (client) => {
    await appendReceipt(client, { fence, account: false, counts });
    throw new Error('roll back');
  });
  await expect(rolledBack).rejects.toThrow('roll back');
  const receipt = await asUser(app.pool, yuki, (client) => appendReceipt(client, { fence, account: false, counts }));
  expect(receipt.number).toBe((head?.receipts ?? 0) + 1);
});

test('for any receipt, the database computes the documented hash', async () => {
  const row = fc.nat({ max: 999_999_999_999_999 });
  const receipts = fc.record({
    id: fc.option(fc.uuid()),
    erasedAt: fc.option(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })),
    account: fc.boolean(),
    counts: fc.record({
      ai_dialogue_log: row,
      provenance: row,
      relevance_judging: row,
      idempotency_key: row,
      users: row,
    }),
    replays: fc.option(fc.record({ id: fc.uuid(), hash: fc.stringMatching(/^[0-9a-f]{64}$/) }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(receipts, async (input) => {
      const receipt = await replayReceipt(db.pool, input);
      expect(receipt).toMatchObject({ account: input.account, counts: input.counts });
      if (input.erasedAt !== null) expect(receipt.erasedAt).toEqual(input.erasedAt);
      expect(receipt.hash).toBe(receiptHash(receipt, receipt.previousHash));
    }),
    { numRuns: 60 },
  );
  expect((await verifyReceipts(db.pool)).fault).toBeNull();
});

test('temporary tables that shadow ours do not receive the receipt', async () => {
  const fence = await fenceOf(yuki);
  const client = await app.pool.connect();
  try {
    await client.query('begin; create temporary table erasure_chain (receipts bigint, hash text)');
    await client.query(`insert into erasure_chain values (0, repeat('0', 64))`);
    await client.query(`set local search_path = pg_temp, public`);
    await client.query(`select set_config('app.user_id', $1, true)`, [yuki]);
    await client.query(append, [fence, counts]);
    await client.query('commit');
  } finally {
    client.release(true);
  }
  expect((await verifyReceipts(db.pool)).fault).toBeNull();
});
