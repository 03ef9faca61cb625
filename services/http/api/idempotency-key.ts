/** Gives a question that is sent again under its Idempotency-Key the first answer again. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Reply } from './chat-reply.ts';
import { badField, Problem } from './problem.ts';

/**
 * Reserves a key for a question.
 *
 * 'new': answer under the returned `dialogueId`. It is the one given, or that of a reservation whose server died (older
 * than any question may take, and without a dialogue row), so that a late commit and the new one are the same row.
 * 'stored': the dialogue row is there; the reply is made from it.
 * 'mismatch': the key belongs to another request of this user.
 * @throws {ChatFailure} `database_unavailable`
 */
export type ReserveKey = (reservation: {
  readonly userId: string;
  readonly key: string;
  /** Hex, of what was asked (not of how it is to be answered). */
  readonly requestSha256: string;
  readonly dialogueId: string;
}) => Promise<
  | { readonly state: 'new'; readonly dialogueId: string }
  | { readonly state: 'stored'; readonly reply: Reply }
  | { readonly state: 'in_progress' }
  | { readonly state: 'mismatch' }
>;

/** Lets a question that failed be asked again under its key. */
export type ReleaseKey = (reservation: { readonly userId: string; readonly key: string }) => Promise<void>;

export function readIdempotencyKey(req: Request): string | null {
  const given = req.headersDistinct['idempotency-key'] ?? [];
  const [key] = given;
  if (key === undefined) return null;
  if (given.length > 1 || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badField('Idempotency-Key', 'must be sent once, as 1 to 255 visible ASCII characters');
  }
  return key;
}

/** @returns the id to answer under, or the reply that was given before */
export async function reserveKey(
  reserve: ReserveKey,
  { userId, key, asked, dialogueId }: { userId: string; key: string; asked: unknown; dialogueId: string },
): Promise<{ readonly dialogueId: string } | { readonly reply: Reply }> {
  const requestSha256 = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  const reserved = await reserve({ userId, key, requestSha256, dialogueId });
  switch (reserved.state) {
    case 'new':
      return { dialogueId: reserved.dialogueId };
    case 'stored':
      return { reply: reserved.reply };
    case 'in_progress':
      throw new Problem('question-in-progress', { headers: { 'Retry-After': '1' } });
    case 'mismatch':
      throw new Problem('idempotency-key-reused');
  }
}
