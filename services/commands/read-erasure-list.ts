/** Reads lists that `list-erasures` wrote, all of them or nothing. */
import { z } from 'zod';
import type { Erasure } from '../postgres/erasure/erasure-list.ts';
import { receiptHash } from '../postgres/erasure/receipt-chain.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const rows = z.int().min(0);
const instant = z.iso.datetime().transform((text) => new Date(text));

const receipt = z.strictObject({
  number: z.int().min(1),
  id: z.guid(),
  erasedAt: instant,
  account: z.boolean(),
  counts: z.strictObject({
    ai_dialogue_log: rows,
    provenance: rows,
    relevance_judging: rows,
    idempotency_key: rows,
    users: rows,
  }),
  replays: z.strictObject({ id: z.guid(), hash: sha256 }).optional(),
  previousHash: sha256,
  hash: sha256,
});

const line = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('erasure'), id: z.guid(), userSha256: sha256, askedUntil: instant, receipt }),
  z.strictObject({ type: z.literal('end'), erasures: rows }),
]);

const whatToDo = 'Take another copy of the list. Nothing was changed.';

/**
 * Lists may follow one another, and tell of an erasure more than once.
 * @returns by the number of their receipts, ascending, each once
 * @throws {Error} that names the line which is not as it was written, or says that the list was cut off
 */
export function readErasureList(text: string): readonly Erasure[] {
  const erasures = new Map<string, { erasure: Erasure; written: string }>();
  let inList = 0;
  let ended = false;
  for (const [index, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue;
    const refuse = (reason: string) => new Error(`line ${index + 1} of the list ${reason}. ${whatToDo}`);
    const read = line.safeParse(parsed(written));
    if (!read.success) throw refuse(`is none that list-erasures writes (${pathOf(read.error)})`);
    if (read.data.type === 'end') {
      if (read.data.erasures !== inList) throw refuse(`says ${read.data.erasures} erasures, and ${inList} are there`);
      [inList, ended] = [0, true];
      continue;
    }
    const { type: _type, ...erasure } = read.data;
    if (erasure.receipt.hash !== receiptHash(erasure.receipt, erasure.receipt.previousHash)) {
      throw refuse(`was altered: the hash of receipt ${erasure.receipt.number} is another`);
    }
    const before = erasures.get(erasure.id);
    if (before !== undefined && before.written !== written.trim())
      throw refuse('tells an erasure otherwise than before');
    erasures.set(erasure.id, { erasure, written: written.trim() });
    [inList, ended] = [inList + 1, false];
  }
  if (!ended) throw new Error(`the list has no line of type "end": it was cut off. ${whatToDo}`);
  return [...erasures.values()].map(({ erasure }) => erasure).sort((a, b) => a.receipt.number - b.receipt.number);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function pathOf(error: z.ZodError): string {
  const path = error.issues[0]?.path.join('.') ?? '';
  return path === '' ? 'not as a whole' : path;
}
