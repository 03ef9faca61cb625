/** POST /api/ai/chat: asks a question. */
import type { RequestHandler, Response } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { ChatFailure, outcomeOf } from '../../chat/failure.ts';
import type { Chat, Question } from '../../chat/flow.ts';
import type { FailedTurn } from '../../chat/turn.ts';
import { type Reply, replyOf } from '../api/chat-reply.ts';
import { openEventStream } from '../api/event-stream.ts';
import { type ReleaseKey, type ReserveKey, readIdempotencyKey, reserveKey } from '../api/idempotency-key.ts';
import { parseBody } from '../api/parse-input.ts';
import { Problem } from '../api/problem.ts';
import { uuid } from '../api/schemas.ts';
import { filters, sources, toSearchFilters } from '../api/search-filters.ts';
import { type Caller, callerOf } from '../auth/authenticate.ts';
import type { RememberedUsers } from '../auth/user-cache.ts';
import { type Answer, problemOf, reportProblem } from '../middleware/error-handler.ts';

export const longestQuery = 8_000;

export const chatRequest = z.strictObject(
  {
    query: z
      .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string') })
      .trim()
      .refine((query) => /[^\p{Cc}\p{Cf}\p{Z}]/u.test(query), { error: 'is empty', abort: true })
      .refine((query) => [...query].length <= longestQuery, { error: `is longer than ${longestQuery} characters` })
      .refine((query) => !query.includes('\0'), { error: 'contains a NUL character' })
      .refine((query) => query.isWellFormed(), { error: 'contains half of a surrogate pair, which is no character' })
      .meta({ minLength: 1, maxLength: longestQuery }),
    sessionId: uuid
      .optional()
      .meta({ description: 'Of a session of yours, or new. Absent: a new session begins; the reply tells its id.' }),
    sources: sources.optional(),
    filters: filters.optional(),
    stream: z.boolean({ error: 'must be true or false' }).optional().meta({
      description: 'true: answer as server-sent events, drafts (delta), then done or error. Discard what has no done.',
    }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

/**
 * Whether a session is this user's own, unused so far, or someone else's.
 * @throws {ChatFailure} `database_unavailable`
 */
type SessionStanding = (userId: string, sessionId: string) => Promise<'own' | 'unused' | 'taken'>;

export type ChatRoute = Answer & {
  readonly chat: Chat;
  readonly ensureUser: RememberedUsers['ensureUser'];
  /** Told of a user whose row may be gone, so that it is made again for the next question. */
  readonly forget: (userId: string) => void;
  readonly sessionStanding: SessionStanding;
  readonly reserve: ReserveKey;
  readonly release: ReleaseKey;
  /** Told of a question that failed before it was on its way; the chat tells of the others itself. */
  readonly observeFailure: (turn: FailedTurn) => void;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly now: () => Date;
};

export function answerQuestion(route: ChatRoute): RequestHandler {
  return async (req, res) => {
    const askedAt = route.now();
    const start = route.clock();
    const caller = callerOf(res);
    const { query, sessionId, stream = false, ...given } = parseBody(req, chatRequest);
    const searchFilters = toSearchFilters(given.sources, given.filters);
    const key = readIdempotencyKey(req);
    const signal = hangUpSignal(res);
    const { userId } = caller.requester;
    const turn = { id: uuidv7(), userId, sessionId: sessionId ?? uuidv7(), askedAt };
    const admission = async () => {
      const sessionIsNew = await admit(route, caller, sessionId);
      if (key === null) return { sessionIsNew, reserved: { dialogueId: turn.id } };
      const asked = { query, sessionId: sessionId ?? null, ...(searchFilters && { filters: searchFilters }) };
      return { sessionIsNew, reserved: await reserveKey(route.reserve, { userId, key, asked, dialogueId: turn.id }) };
    };
    const { sessionIsNew, reserved } = await admission().catch((error: unknown) => {
      forgetErased(route, userId, error);
      const failed = { ...turn, latencyMs: Math.round(route.clock() - start), traceId: route.traceId() };
      if (!(error instanceof Problem)) route.observeFailure(notAdmitted(failed, error, signal));
      throw error;
    });
    const respond = stream ? asEvents(route, res) : asDocument(res);
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
    await respond(async (onDelta) => {
      try {
        return replyOf(await route.chat({ ...question, ...(onDelta && { onDelta }) }));
      } catch (error) {
        forgetErased(route, userId, error);
        if (key !== null) await free(route, userId, key);
        throw error;
      }
    });
  };
}

/** @returns whether the session begins with this question */
async function admit(
  route: ChatRoute,
  { identity, requester }: Caller,
  sessionId: string | undefined,
): Promise<boolean> {
  await route.ensureUser({ id: requester.userId, email: identity.email, role: identity.role });
  if (sessionId === undefined) return true;
  const standing = await route.sessionStanding(requester.userId, sessionId);
  if (standing === 'taken') {
    throw new Problem('not-found', {
      detail: 'No session of yours has this sessionId. Leave it out to begin a new session.',
      errors: [{ field: 'sessionId', message: 'is no session of yours' }],
    });
  }
  return standing === 'unused';
}

/** Its 503 is one like those of the stages; a `Problem` is the requester's own fault and no failure. */
function notAdmitted(
  turn: Omit<FailedTurn, 'outcome' | 'failure' | 'model'>,
  error: unknown,
  signal: AbortSignal,
): FailedTurn {
  const failed = error instanceof ChatFailure ? error.code : 'internal';
  const code = signal.aborted ? 'cancelled' : failed;
  return { ...turn, outcome: outcomeOf(code), failure: { stage: 'admit', code }, model: null };
}

/** Another server may have erased the account, of which this one had seen the row a moment ago. */
function forgetErased({ forget }: ChatRoute, userId: string, error: unknown): void {
  if (error instanceof ChatFailure && error.code === 'cancelled') forget(userId);
}

/** The first failure is what the caller must hear of; a key that stays reserved frees itself later. */
async function free({ release, log }: ChatRoute, userId: string, key: string): Promise<void> {
  try {
    await release({ userId, key });
  } catch {
    log.warn({}, 'an Idempotency-Key could not be freed');
  }
}

type Respond = (produce: (onDelta?: Question['onDelta']) => Promise<Reply>) => Promise<void>;

function asDocument(res: Response): Respond {
  return async (produce) => {
    res.json(await produce());
  };
}

function asEvents(route: ChatRoute, res: Response): Respond {
  return async (produce) => {
    const events = openEventStream(res);
    try {
      events.send('done', await produce((text) => events.send('delta', { text })));
    } catch (error) {
      const problem = problemOf(error);
      reportProblem(route.log, problem, res);
      events.send('error', problem.document(problem.status === 500 ? route.traceId() : null));
    }
    events.end();
  };
}

/** Aborted when the client closes the connection before it has the whole answer. */
function hangUpSignal(res: Response): AbortSignal {
  const hungUp = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) hungUp.abort();
  });
  return hungUp.signal;
}
