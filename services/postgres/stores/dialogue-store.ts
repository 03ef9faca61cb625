/** The database operations of the chat and the HTTP interface. Each reports an unavailable database as such. */
import type { Pool } from 'pg';
import { isDataError, orUnavailable } from '../client/errors.ts';
import { asUser } from '../client/transaction.ts';
import { hasOnlySamples } from '../content/provenance.ts';
import { findExpiringContent, listProvenance, type ProvenanceFilter } from '../content/provenance-list.ts';
import type { DialogueRow } from '../dialogues/dialogue-row.ts';
import { findSession, listDialogues, readDialogue, sessionOwnership, updateVote } from '../dialogues/dialogues.ts';
import { releaseIdempotencyKey, reserveIdempotencyKey } from '../dialogues/idempotency-keys.ts';
import { recallSession } from '../dialogues/recall-session.ts';
import { ensureUser } from '../dialogues/users.ts';
import { findWorstAnswers } from '../dialogues/worst-answers.ts';
import { readServiceNames } from '../intake/services.ts';
import { ragMetricsToday, readMetricsHistory, readOverview } from '../metrics/daily-metrics.ts';

/**
 * @param pool for users, within their own rows
 * @param auditPool for administrators, over all rows
 * @param longestQuestionMs an Idempotency-Key reserved for longer belongs to a server that died, and is taken over
 */
export function createDialogueStore({
  pool,
  auditPool,
  metricsPool = auditPool,
  now,
  longestQuestionMs,
}: {
  pool: Pool;
  auditPool: Pool;
  /** As `auditPool`, for statements that read a whole day. */
  metricsPool?: Pool;
  now: () => Date;
  longestQuestionMs: number;
}) {
  const leaseSeconds = longestQuestionMs / 1_000;
  return {
    async ensureUser(user: Parameters<typeof ensureUser>[1]): Promise<'there' | 'refused'> {
      try {
        await orUnavailable(ensureUser(pool, user));
        return 'there';
      } catch (error) {
        // The LMS's table may require more than the token provides.
        if (isDataError(error)) return 'refused';
        throw error;
      }
    },

    sessionOwnership: (userId: string, sessionId: string) =>
      orUnavailable(asUser(pool, userId, (client) => sessionOwnership(client, sessionId))),

    recall: (session: Omit<Parameters<typeof recallSession>[1], 'now'>) =>
      orUnavailable(
        asUser(pool, session.requester.userId, (client) => recallSession(client, { ...session, now: now() })),
      ),

    findSession: (userId: string, earlier: readonly string[]) =>
      orUnavailable(asUser(pool, userId, (client) => findSession(client, { userId, earlier }))),

    async vote(userId: string, dialogueId: string, vote: -1 | 0 | 1): Promise<'ok' | 'not_found'> {
      const found = await orUnavailable(
        asUser(pool, userId, (client) => updateVote(client, { userId, dialogueId, vote })),
      );
      return found ? 'ok' : 'not_found';
    },

    history: (userId: string, page: { limit: number; before: string | null }) =>
      orUnavailable(asUser(pool, userId, (client) => listDialogues(client, { userId, ...page }))),

    async reserve(wanted: { userId: string; key: string; requestSha256: string; dialogueId: string }) {
      const { userId } = wanted;
      const held = await orUnavailable(
        asUser(pool, userId, (client) => reserveIdempotencyKey(client, { ...wanted, leaseSeconds })),
      );
      if (held.requestSha256 !== wanted.requestSha256) return { state: 'mismatch' as const };
      if (held.reserved) return { state: 'new' as const, dialogueId: held.dialogueId };
      const { dialogueId } = held;
      const stored = await orUnavailable(
        asUser(pool, userId, (client) => readDialogue(client, { userId, dialogueId })),
      );
      if (stored === null) return { state: 'in_progress' as const };
      return { state: 'stored' as const, reply: replyOf(stored) };
    },

    release: (held: { userId: string; key: string }) =>
      orUnavailable(asUser(pool, held.userId, (client) => releaseIdempotencyKey(client, { ...held, leaseSeconds }))),
    ragMetrics: (service: string | null) => orUnavailable(ragMetricsToday(metricsPool, now(), service)),
    ragMetricsHistory: (days: number, service: string | null) =>
      orUnavailable(readMetricsHistory(auditPool, { days, service, now: now() })),
    overview: (service: string | null) => orUnavailable(readOverview(metricsPool, now(), service)),
    worstAnswers: ({
      service = null,
      ...asked
    }: {
      days: number;
      limit: number;
      service?: string | null | undefined;
    }) => orUnavailable(findWorstAnswers(auditPool, { ...asked, service, now: now() })),
    serviceNames: () => orUnavailable(readServiceNames(auditPool)),
    provenance: (filter: ProvenanceFilter) => orUnavailable(listProvenance(auditPool, filter)),
    hasOnlySamples: () => orUnavailable(hasOnlySamples(auditPool)),
    expiringContent: (page: { days: number; limit: number; after: string | null }) =>
      orUnavailable(findExpiringContent(auditPool, { ...page, now: now() })),
  };
}

function replyOf({ query: _query, vote: _vote, askedAt: _askedAt, latencyMs, ...reply }: DialogueRow) {
  // Only our own answers have an Idempotency-Key, and they always have a latency.
  if (latencyMs === null) throw new Error(`dialogue ${reply.id} was not written by this program`);
  return { ...reply, latencyMs };
}
