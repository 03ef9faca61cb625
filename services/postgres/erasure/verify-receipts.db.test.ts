import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDatabase } from '../../../test/kit/database/test-database.ts';
import { eraseUser } from './erase-user.ts';
import { verifyReceipts } from './verify-receipts.ts';

const now = () => new Date();

test.each([
  [
    `update erasure_receipt set counts = jsonb_set(counts, '{provenance}', '99') where number = 2`,
    /^receipt 2 .*altered/,
  ],
  [`update erasure_receipt set erased_at = erased_at + interval '1 ms' where number = 2`, /^receipt 2 .*altered/],
  ['delete from erasure_receipt where number = 2', /^receipt 2 is missing/],
  ['delete from erasure_receipt where number = (select max(number) from erasure_receipt)', /is missing/],
  ['delete from erasure_receipt', /^receipt 1 is missing/],
  ['delete from erasure_chain', /erasure_chain/],
  [`update erasure_chain set receipts = receipts - 1`, /was added/],
])('%s is detected', async (tampering, fault) => {
  const own = await createDatabase();
  try {
    for (let receipts = 0; receipts < 3; receipts += 1) {
      await eraseUser(own.pool, { userId: randomUUID(), account: false, now });
    }
    expect((await verifyReceipts(own.pool)).fault).toBeNull();
    await own.query(tampering);
    expect((await verifyReceipts(own.pool)).fault).toMatch(fault);
  } finally {
    await own.close();
  }
});
