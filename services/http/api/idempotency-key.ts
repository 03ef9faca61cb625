/** Answers a question that is repeated with its Idempotency-Key with the first answer. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Reply } from './chat-reply.ts';
import { Problem } from './problem.ts';

/**
 * Reserves a key for a question.
 *
 * 'new': answer with the returned `dialogueId`. It is the requested one, or that of a reservation whose server died (older
 * than any question may take and without a dialogue row), so that a late commit and the new one write the same row.
 * 'stored': the dialogue is recorded; the reply is built from its row.
 * 'mismatch': the user has sent the key with a different request.
 * @throws {ServiceFailure} `database_unavailable`
 */
export type ReserveKey = (reservation: {
  readonly userId: string;
  readonly key: string;
  /** Hex. Covers what is asked, not how it is answered (`stream`). */
  readonly requestSha256: string;
  readonly dialogueId: string;
}) => Promise<
  | { readonly state: 'new'; readonly dialogueId: string }
  | { readonly state: 'stored'; readonly reply: Reply }
  | { readonly state: 'in_progress' }
  | { readonly state: 'mismatch' }
>;

/** Allows a failed question to be repeated with its key. */
export type ReleaseKey = (reservation: { readonly userId: string; readonly key: string }) => Promise<void>;

const keyError = { error: 'must be sent once and consist of 1 to 255 visible ASCII characters' };

export const idempotencyHeaders = z.object({
  'Idempotency-Key': z
    .string(keyError)
    .regex(/^[\x21-\x7e]{1,255}$/, keyError)
    .optional()
    .meta({
      description:
        'Repeating a question with the same key returns the first answer (with Idempotency-Replayed: true). A failed question may be repeated with its key.',
    }),
});

/** @returns the id of the dialogue to record, or the stored reply */
export async function reserveKey(
  reserve: ReserveKey,
  { userId, key, request, dialogueId }: { userId: string; key: string; request: unknown; dialogueId: string },
): Promise<{ readonly dialogueId: string } | { readonly reply: Reply }> {
  const requestSha256 = createHash('sha256').update(JSON.stringify(request)).digest('hex');
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
