/** POST /api/ai/chat: answers a question. */
import type { Response } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Chat, Question } from '../../chat/flow.ts';
import type { FailedTurn } from '../../chat/turn.ts';
import { outcomeOf, ServiceFailure } from '../../failure/service-failure.ts';
import { type Reply, reply, replyOf } from '../api/chat-reply.ts';
import { openEventStream } from '../api/event-stream.ts';
import { idempotencyHeaders, type ReleaseKey, type ReserveKey, reserveKey } from '../api/idempotency-key.ts';
import { Problem, type ProblemName } from '../api/problem.ts';
import { uuid } from '../api/schemas.ts';
import { filters, sources, toSearchFilters } from '../api/search-filters.ts';
import type { Caller } from '../auth/authenticate.ts';
import type { CachedUsers } from '../auth/user-cache.ts';
import { defineRoute, responseSent } from '../define-route.ts';
import { type ErrorReporting, problemOf, reportProblem } from '../middleware/error-handler.ts';

export const longestQuery = 8_000;

const chatRequest = z
  .strictObject(
    {
      query: z
        .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string') })
        .trim()
        .refine((query) => /[^\p{Cc}\p{Cf}\p{Z}]/u.test(query), { error: 'is empty', abort: true })
        .refine((query) => [...query].length <= longestQuery, { error: `is longer than ${longestQuery} characters` })
        .refine((query) => !query.includes('\0'), { error: 'contains a NUL character' })
        .refine((query) => query.isWellFormed(), { error: 'contains an unpaired surrogate' })
        .meta({ minLength: 1, maxLength: longestQuery }),
      sessionId: uuid.optional().meta({
        description: 'One of your sessions, or a new UUID. Absent: starts a new session; the reply contains its id.',
      }),
      sources: sources.optional(),
      filters: filters.optional(),
      stream: z.boolean({ error: 'must be true or false' }).optional().meta({
        description:
          'true: respond with server-sent events: drafts (delta), then done or error. Discard the drafts unless done arrives.',
      }),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
  )
  .meta({ id: 'ChatRequest' });

/**
 * Returns whether a session belongs to this user, is unused, or belongs to another user.
 * @throws {ServiceFailure} `database_unavailable`
 */
type SessionOwnership = (userId: string, sessionId: string) => Promise<'own' | 'unused' | 'taken'>;

export type ChatDependencies = ErrorReporting & {
  readonly chat: Chat;
  readonly ensureUser: CachedUsers['ensureUser'];
  /** Called when a user's row may be gone, so that the next question creates it again. */
  readonly forget: (userId: string) => void;
  readonly sessionOwnership: SessionOwnership;
  readonly reserve: ReserveKey;
  readonly release: ReleaseKey;
  /** Called with a question that failed before the chat began to answer it. The chat reports its own failures. */
  readonly observeFailure: (turn: FailedTurn) => void;
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

export const askQuestion = defineRoute({
  id: 'askQuestion',
  method: 'post',
  path: '/api/ai/chat',
  access: 'question',
  summary: 'Ask a question',
  description:
    'The response is sent after the answer is recorded. The body may also be labelled text/plain or have no media type.',
  headers: idempotencyHeaders,
  body: chatRequest,
  response: reply,
  alternatives: {
    'text/event-stream': {
      example:
        'event: delta\ndata: {"text":"a piece of a draft"}\n\nevent: done\ndata: {the Reply}\n\nor, in its place:\n\nevent: error\ndata: {the Problem}\n\n',
    },
  },
  problems: questionProblems,
  async handler({ body, headers, caller, signal }, deps: ChatDependencies, { res }) {
    const askedAt = deps.now();
    const start = deps.clock();
    const { query, sessionId, stream = false } = body;
    const searchFilters = toSearchFilters(body.sources, body.filters);
    const key = headers['Idempotency-Key'] ?? null;
    const { userId } = caller.requester;
    const turn = { id: uuidv7(), userId, sessionId: sessionId ?? uuidv7(), askedAt };
    const admission = async () => {
      const sessionIsNew = await admit(deps, caller, sessionId);
      if (key === null) return { sessionIsNew, reserved: { dialogueId: turn.id } };
      const request = { query, sessionId: sessionId ?? null, ...(searchFilters && { filters: searchFilters }) };
      return { sessionIsNew, reserved: await reserveKey(deps.reserve, { userId, key, request, dialogueId: turn.id }) };
    };
    const { sessionIsNew, reserved } = await admission().catch((error: unknown) => {
      forgetErased(deps, userId, error);
      const failed = { ...turn, latencyMs: Math.round(deps.clock() - start), traceId: deps.traceId() };
      if (!(error instanceof Problem)) deps.observeFailure(notAdmitted(failed, error, signal));
      throw error;
    });
    const respond = stream ? asEvents(deps, res) : asDocument(res);
    if ('reply' in reserved) {
      res.set('Idempotency-Replayed', 'true');
      return respond(async () => reserved.reply);
    }
    const id = reserved.dialogueId;
    const question = {
      ...turn,
      id,
      sessionIsNew,
      query,
      requester: caller.requester,
      ...(searchFilters && { filters: searchFilters }),
      signal,
    };
    return respond(async (onDelta) => {
      try {
        return replyOf(await deps.chat({ ...question, ...(onDelta && { onDelta }) }));
      } catch (error) {
        forgetErased(deps, userId, error);
        if (key !== null) await releaseKey(deps, userId, key);
        throw error;
      }
    });
  },
});

/** @returns whether the question starts the session */
async function admit(
  deps: ChatDependencies,
  { identity, requester }: Caller,
  sessionId: string | undefined,
): Promise<boolean> {
  await deps.ensureUser({ id: requester.userId, email: identity.email, role: identity.role });
  if (sessionId === undefined) return true;
  const ownership = await deps.sessionOwnership(requester.userId, sessionId);
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
function forgetErased({ forget }: ChatDependencies, userId: string, error: unknown): void {
  if (error instanceof ServiceFailure && error.code === 'cancelled') forget(userId);
}

/** Never throws: the caller must get the original failure. A key that stays reserved expires later. */
async function releaseKey({ release, log }: ChatDependencies, userId: string, key: string): Promise<void> {
  try {
    await release({ userId, key });
  } catch {
    log.warn({}, 'failed to release an Idempotency-Key');
  }
}

type Respond = (produce: (onDelta?: Question['onDelta']) => Promise<Reply>) => Promise<typeof responseSent>;

function asDocument(res: Response): Respond {
  return async (produce) => {
    res.json(await produce());
    return responseSent;
  };
}

function asEvents({ log, traceId }: ChatDependencies, res: Response): Respond {
  return async (produce) => {
    const events = openEventStream(res);
    try {
      events.send('done', await produce((text) => events.send('delta', { text })));
    } catch (error) {
      const problem = problemOf(error);
      reportProblem(log, problem, res);
      events.send('error', problem.document(problem.status === 500 ? traceId() : null));
    }
    events.end();
    return responseSent;
  };
}
