/** Admits a question to the chat: session, Idempotency-Key, failures. Every route that asks goes through here. */
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Chat, Question } from '../../chat/flow.ts';
import type { SearchFilters } from '../../chat/retrieve.ts';
import type { FailedTurn } from '../../chat/turn.ts';
import { outcomeOf, ServiceFailure } from '../../failure/service-failure.ts';
import { type Reply, replyOf } from '../api/chat-reply.ts';
import { type ReleaseKey, type ReserveKey, reserveKey } from '../api/idempotency-key.ts';
import { Problem, type ProblemName } from '../api/problem.ts';
import type { Caller } from '../auth/authenticate.ts';
import type { CachedUsers } from '../auth/user-cache.ts';
import type { ErrorReporting } from '../middleware/error-handler.ts';

export const longestQuery = 8_000;

export const questionText = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string') })
  .trim()
  .refine((query) => /[^\p{Cc}\p{Cf}\p{Z}]/u.test(query), { error: 'is empty', abort: true })
  .refine((query) => [...query].length <= longestQuery, { error: `is longer than ${longestQuery} characters` })
  .refine((query) => !query.includes('\0'), { error: 'contains a NUL character' })
  .refine((query) => query.isWellFormed(), { error: 'contains an unpaired surrogate' })
  .meta({ minLength: 1, maxLength: longestQuery });

/**
 * Returns whether a session belongs to this user, is unused, or belongs to another user.
 * @throws {ServiceFailure} `database_unavailable`
 */
type SessionOwnership = (userId: string, sessionId: string) => Promise<'own' | 'unused' | 'taken'>;

export type QuestionDependencies = ErrorReporting & {
  readonly chat: Chat;
  readonly ensureUser: CachedUsers['ensureUser'];
  /** Called when a user's row may be gone, so that the next question creates it again. */
  readonly forget: (userId: string) => void;
  readonly sessionOwnership: SessionOwnership;
  readonly reserve: ReserveKey;
  readonly release: ReleaseKey;
  /** Called with a question that failed before the chat began to answer it. The chat reports its own failures. */
  readonly observeFailure: (turn: FailedTurn) => void;
  /** Milliseconds between the comments of a stream. */
  readonly heartbeatMs: number;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly now: () => Date;
};

/** The problems of questions, besides those of every signed-in route with a body. */
export const questionProblems = [
  'account-missing',
  'not-found',
  'question-in-progress',
  'question-cancelled',
  'idempotency-key-reused',
  'content-filtered',
  'context-exceeded',
  'model-refused',
  'tool-called',
  'model-unavailable',
  'overloaded',
  'database-unavailable',
] as const satisfies readonly ProblemName[];

export type AskedQuestion = {
  readonly caller: Caller;
  readonly query: string;
  /**
   * The session that the client names. With a function the session is looked up once the user is known; undefined: a new one.
   * @throws {ServiceFailure} `database_unavailable`
   */
  readonly sessionId: string | undefined | (() => Promise<string | undefined>);
  readonly filters?: SearchFilters | undefined;
  /** Earlier turns that the client reports, for a session that is new here. */
  readonly history?: Question['history'];
  /** The Idempotency-Key. */
  readonly key: string | null;
  /** What the key covers. */
  readonly request: unknown;
  /** Whether the probe asks. */
  readonly isProbe?: boolean;
  readonly signal: AbortSignal;
};

export type AdmittedQuestion = {
  /** Of the dialogue: that of the reply. */
  readonly id: string;
  /** Whether the reply is that of an earlier request with the same key. */
  readonly replayed: boolean;
  /** Answers the question. @throws {ServiceFailure} after the turn was observed as failed or aborted */
  readonly answer: (drafts?: Pick<Question, 'onDelta' | 'draftsAreCited'>) => Promise<Reply>;
};

/** @throws {Problem | ServiceFailure} if the question is not admitted; the failure is already observed */
export async function admitQuestion(deps: QuestionDependencies, asked: AskedQuestion): Promise<AdmittedQuestion> {
  const askedAt = deps.now();
  const start = deps.clock();
  const { caller, query, filters, key, isProbe = false, signal } = asked;
  const { userId } = caller.requester;
  const id = uuidv7();
  let sessionId = typeof asked.sessionId === 'string' ? asked.sessionId : uuidv7();
  const admission = async () => {
    const { identity, requester } = caller;
    await deps.ensureUser({ id: requester.userId, email: identity.email, role: identity.role });
    const named = typeof asked.sessionId === 'function' ? await asked.sessionId() : asked.sessionId;
    sessionId = named ?? sessionId;
    const sessionIsNew = named === undefined || (await isUnused(deps, userId, named));
    if (key === null) return { sessionIsNew, reserved: { dialogueId: id } };
    const { request } = asked;
    return { sessionIsNew, reserved: await reserveKey(deps.reserve, { userId, key, request, dialogueId: id }) };
  };
  const { sessionIsNew, reserved } = await admission().catch((error: unknown) => {
    forgetErased(deps, userId, error);
    const latencyMs = Math.round(deps.clock() - start);
    const failed = { id, userId, sessionId, askedAt, latencyMs, traceId: deps.traceId() };
    if (!(error instanceof Problem) && !isProbe) deps.observeFailure(notAdmitted(failed, error, signal));
    throw error;
  });
  if ('reply' in reserved) return { id: reserved.reply.id, replayed: true, answer: async () => reserved.reply };
  const question = {
    id: reserved.dialogueId,
    sessionId,
    sessionIsNew,
    query,
    requester: caller.requester,
    ...(filters && { filters }),
    ...(sessionIsNew && asked.history && { history: asked.history }),
    askedAt,
    isProbe,
    signal,
  };
  return {
    id: question.id,
    replayed: false,
    answer: async (drafts = {}) => {
      try {
        return replyOf(await deps.chat({ ...question, ...drafts }));
      } catch (error) {
        forgetErased(deps, userId, error);
        if (key !== null) await releaseKey(deps, userId, key);
        throw error;
      }
    },
  };
}

async function isUnused(deps: QuestionDependencies, userId: string, sessionId: string): Promise<boolean> {
  const ownership = await deps.sessionOwnership(userId, sessionId);
  if (ownership === 'taken') {
    throw new Problem('not-found', {
      detail: 'You have no session with this sessionId. Omit it to start a new session.',
      errors: [{ field: 'sessionId', message: 'is not one of your sessions' }],
    });
  }
  return ownership === 'unused';
}

/** Counts as a failed question, like a failure in one of the stages. */
function notAdmitted(
  turn: Omit<FailedTurn, 'outcome' | 'failure' | 'model'>,
  error: unknown,
  signal: AbortSignal,
): FailedTurn {
  const failed = error instanceof ServiceFailure ? error.code : 'internal';
  const code = signal.aborted ? 'cancelled' : failed;
  return { ...turn, outcome: outcomeOf(code), failure: { stage: 'admit', code }, model: null };
}

/** Another server may have erased the account whose row this one has cached. */
function forgetErased({ forget }: QuestionDependencies, userId: string, error: unknown): void {
  if (error instanceof ServiceFailure && error.code === 'cancelled') forget(userId);
}

/** Never throws: the caller must get the original failure. A key that stays reserved expires later. */
async function releaseKey({ release, log }: QuestionDependencies, userId: string, key: string): Promise<void> {
  try {
    await release({ userId, key });
  } catch {
    log.warn({}, 'failed to release an Idempotency-Key');
  }
}
