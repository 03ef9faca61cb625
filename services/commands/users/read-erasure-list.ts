/** Parses the output of `list-erasures` and rejects it as a whole if any line is damaged. */
import { z } from 'zod';
import type { Erasure } from '../../postgres/erasure/erasure-list.ts';
import { receiptHash } from '../../postgres/erasure/receipt-chain.ts';

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

const hint = 'Use another copy of the list. Nothing was changed.';

/**
 * The text may be several lists, one after the other, that repeat erasures.
 * @returns each erasure once, by receipt number, ascending
 * @throws {Error} that names the damaged line, or says that the list is truncated
 */
export function readErasureList(text: string): readonly Erasure[] {
  const erasures = new Map<string, { erasure: Erasure; written: string }>();
  let inList = 0;
  let ended = false;
  for (const [index, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue;
    const refuse = (reason: string) => new Error(`line ${index + 1} of the list ${reason}. ${hint}`);
    const read = line.safeParse(parsed(written));
    if (!read.success) throw refuse(`is not a valid erasure record (${pathOf(read.error)})`);
    if (read.data.type === 'end') {
      if (read.data.erasures !== inList)
        throw refuse(`announces ${read.data.erasures} erasures, but the list has ${inList}`);
      [inList, ended] = [0, true];
      continue;
    }
    const { type: _type, ...erasure } = read.data;
    if (erasure.receipt.hash !== receiptHash(erasure.receipt, erasure.receipt.previousHash)) {
      throw refuse(`was altered: the hash of receipt ${erasure.receipt.number} does not match`);
    }
    const before = erasures.get(erasure.id);
    if (before !== undefined && before.written !== written.trim())
      throw refuse('contradicts an earlier line about the same erasure');
    erasures.set(erasure.id, { erasure, written: written.trim() });
    [inList, ended] = [inList + 1, false];
  }
  if (!ended) throw new Error(`the list is truncated: its last line does not have the type "end". ${hint}`);
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
  return path === '' ? 'not JSON or an unknown type' : path;
}
