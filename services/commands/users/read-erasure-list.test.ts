import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { sealReceipt } from '../../../test/kit/data/seal-receipt.ts';
import { emptyChain, type Receipt } from '../../postgres/erasure/receipt-chain.ts';
import { readErasureList } from './read-erasure-list.ts';

const counts = { ai_dialogue_log: 7, provenance: 7, relevance_judging: 1, idempotency_key: 3, users: 0 };
const receipts: Receipt[] = [];
for (let number = 1; number <= 3; number += 1) {
  const content = {
    id: randomUUID(),
    number,
    erasedAt: new Date(`2026-03-0${number}T04:05:06.789Z`),
    account: false,
    counts,
  };
  const replays = number === 3 ? { replays: { id: randomUUID(), hash: 'a'.repeat(64) } } : {};
  receipts.push(sealReceipt({ ...content, ...replays }, receipts.at(-1)?.hash ?? emptyChain.hash));
}
const erasures = receipts.map((receipt, index) => ({
  id: randomUUID(),
  userSha256: String(index).repeat(64),
  askedUntil: new Date(receipt.erasedAt.getTime() + 3),
  receipt,
}));
const line = (index: number) => JSON.stringify({ type: 'erasure', ...erasures[index] });
const end = (count: number) => JSON.stringify({ type: 'end', erasures: count });
const text = (...lines: string[]) => lines.map((written) => `${written}\n`).join('');

test('erasures are read in the order of their receipts', () => {
  expect(readErasureList(text(line(1), line(0), line(2), end(3)))).toEqual(erasures);
  expect(readErasureList(text(end(0)))).toEqual([]);
});

test('concatenated, overlapping lists yield each erasure once, with any line ending', () => {
  const lists = text(line(0), line(1), end(2), '', line(1), line(2), end(2));
  expect(readErasureList(lists)).toEqual(erasures);
  expect(readErasureList(lists.replaceAll('\n', '\r\n'))).toEqual(erasures);
});

test.each([
  ['is truncated', text(line(0), line(1).slice(0, -3), end(2)), 'line 2 of the list is not a valid erasure record'],
  ['lacks a field', text(line(0).replace('userSha256', 'user'), end(1)), 'line 1 of the list is not a valid'],
  [
    'has an invalid time',
    text(line(0).replace(/T[0-9:.]+Z/, 'T25:00:00Z'), end(1)),
    'line 1 of the list is not a valid',
  ],
  ['has another count', text(line(0).replace('"users":0', '"users":1'), end(1)), 'line 1 of the list was altered'],
  ['replaces another receipt', text(line(2).replace('aaaa', 'bbbb'), end(1)), 'the hash of receipt 3 does not match'],
  ['is missing', text(line(0), end(2)), 'line 2 of the list announces 2 erasures, but the list has 1'],
  ['contradicts another', text(line(0), line(0).replace('000', '111'), end(2)), 'line 2 of the list contradicts'],
  ['is the last one and missing', text(line(0), line(1)), 'truncated'],
  ['does not exist', '', 'truncated'],
])('a list in which a line %s is rejected as a whole', (_what, list, reason) => {
  expect(() => readErasureList(list)).toThrow(reason);
  expect(() => readErasureList(list)).toThrow('Use another copy of the list. Nothing was changed.');
});
