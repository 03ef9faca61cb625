import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealReceipt } from '../../../test/kit/data/seal-receipt.ts';
import { type ChainHead, emptyChain, findChainFault, type Receipt } from './receipt-chain.ts';

const counts = fc.record({
  ai_dialogue_log: fc.nat(),
  provenance: fc.nat(),
  relevance_judging: fc.nat(),
  idempotency_key: fc.nat(),
  users: fc.nat(1),
});
const contents = fc.record({
  id: fc.uuid(),
  erasedAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }),
  account: fc.boolean(),
  counts,
});
type Content = typeof contents extends fc.Arbitrary<infer Value> ? Value : never;

function chainOf(each: readonly Content[]): { receipts: Receipt[]; head: ChainHead } {
  const receipts: Receipt[] = [];
  let head = emptyChain;
  for (const content of each) {
    const receipt = sealReceipt({ ...content, number: head.receipts + 1 }, head.hash);
    receipts.push(receipt);
    head = { receipts: receipt.number, hash: receipt.hash };
  }
  return { receipts, head };
}

/** Ways to tamper with the receipt at an index. */
const tamperings: Readonly<Record<string, (receipts: readonly Receipt[], at: number, other: Content) => Receipt[]>> = {
  'removes one': (receipts, at) => receipts.toSpliced(at, 1),
  'removes one and numbers the rest anew': (receipts, at) =>
    receipts.toSpliced(at, 1).map((receipt, index) => ({ ...receipt, number: index + 1 })),
  'removes one and all after it': (receipts, at) => receipts.slice(0, at),
  'alters the time': (receipts, at) =>
    changed(receipts, at, ({ erasedAt }) => ({ erasedAt: new Date(erasedAt.getTime() + 1) })),
  'alters the id': (receipts, at, { id }) => changed(receipts, at, () => ({ id: `${id.slice(0, -12)}feedfacecafe` })),
  'alters account': (receipts, at) => changed(receipts, at, ({ account }) => ({ account: !account })),
  'alters a count': (receipts, at) =>
    changed(receipts, at, (receipt) => ({ counts: { ...receipt.counts, provenance: receipt.counts.provenance + 1 } })),
  'adds a count': (receipts, at) =>
    changed(receipts, at, (receipt) => ({ counts: { ...receipt.counts, more: 1 } as Receipt['counts'] })),
  'leaves a count out': (receipts, at) =>
    changed(receipts, at, ({ counts: { users: _users, ...rest } }) => ({ counts: rest as Receipt['counts'] })),
  'seals another one in its place': (receipts, at, other) =>
    changed(receipts, at, ({ number, previousHash }) =>
      sealReceipt({ ...other, id: randomUUID(), number }, previousHash),
    ),
  'adds one behind it': (receipts, at, other) => {
    const before = receipts[at] as Receipt;
    return receipts.toSpliced(at + 1, 0, sealReceipt({ ...other, number: before.number + 1 }, before.hash));
  },
};

function changed(receipts: readonly Receipt[], at: number, change: (receipt: Receipt) => Partial<Receipt>): Receipt[] {
  return receipts.map((receipt, index) => (index === at ? { ...receipt, ...change(receipt) } : receipt));
}

test('an untampered chain is intact, and so is an empty one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(contents, { maxLength: 8 }), async (written) => {
      const { receipts, head } = chainOf(written);
      expect(await findChainFault(receipts, head)).toBeNull();
    }),
  );
});

test.each(Object.keys(tamperings))('tampering that %s is detected anywhere in the chain', async (name) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(contents, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      contents,
      async (written, place, other) => {
        const { receipts, head } = chainOf(written);
        const tampered = tamperings[name]?.(receipts, place % receipts.length, other) ?? [];
        expect(await findChainFault(tampered, head)).toEqual(expect.any(String));
      },
    ),
  );
});

test('a missing, reset or changed head is detected', async () => {
  const { receipts, head } = chainOf(fc.sample(contents, 3));
  expect(await findChainFault(receipts, null)).toMatch(/erasure_chain.*missing/);
  expect(await findChainFault(receipts, { receipts: 2, hash: receipts[1]?.hash ?? '' })).toMatch(
    /^receipt 3 was added/,
  );
  expect(await findChainFault(receipts, { ...head, hash: emptyChain.hash })).toMatch(/^receipt 3 was replaced/);
  expect(await findChainFault(receipts.slice(0, 2), head)).toBe('receipt 3 is missing; the chain has 3 receipts');
});

test('the hash is the documented one, so that third parties can compute it', () => {
  const id = '7c9d8a51-6c1f-4c57-9a51-2f6f0b7c9d43';
  const receipt = sealReceipt(
    {
      id,
      number: 7,
      erasedAt: new Date('2026-03-07T04:05:06.789Z'),
      account: false,
      counts: { users: 0, ai_dialogue_log: 37, provenance: 39, relevance_judging: 3, idempotency_key: 5 },
    },
    'ab'.repeat(32),
  );
  const text = `${'ab'.repeat(32)}
{"account":false,"counts":{"ai_dialogue_log":37,"idempotency_key":5,"provenance":39,"relevance_judging":3,"users":0},"erasedAt":"2026-03-07T04:05:06.789Z","id":"${id}","number":7}`;
  expect(receipt.hash).toBe(createHash('sha256').update(text).digest('hex'));
});
