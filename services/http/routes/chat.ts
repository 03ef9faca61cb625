/** POST /api/ai/chat: answers a question. */
import type { Response } from 'express';
import { z } from 'zod';
import { reply } from '../api/chat-reply.ts';
import { openEventStream } from '../api/event-stream.ts';
import { idempotencyHeaders } from '../api/idempotency-key.ts';
import { uuid } from '../api/schemas.ts';
import { filters, sources, toSearchFilters } from '../api/search-filters.ts';
import { defineRoute, responseSent } from '../define-route.ts';
import { markAnswering, markProblem } from '../middleware/count-questions.ts';
import { problemOf, reportProblem } from '../middleware/error-handler.ts';
import { isProbe } from '../middleware/recognise-probe.ts';
import {
  type AdmittedQuestion,
  admitQuestion,
  type QuestionDependencies,
  questionProblems,
  questionText,
} from './admit-question.ts';

const chatRequest = z
  .strictObject(
    {
      query: questionText,
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
  async handler({ body, headers, caller, signal }, deps: QuestionDependencies, { res }) {
    const { query, sessionId, stream = false } = body;
    const searchFilters = toSearchFilters(body.sources, body.filters);
    const question = await admitQuestion(deps, {
      caller,
      query,
      sessionId,
      filters: searchFilters,
      key: headers['Idempotency-Key'] ?? null,
      request: { query, sessionId: sessionId ?? null, ...(searchFilters && { filters: searchFilters }) },
      isProbe: isProbe(res),
      signal,
    });
    if (question.replayed) res.set('Idempotency-Replayed', 'true');
    if (stream) await sendEvents(question, deps, res);
    else res.json(await question.answer());
    return responseSent;
  },
});

async function sendEvents(
  question: AdmittedQuestion,
  { log, traceId, heartbeatMs }: QuestionDependencies,
  res: Response,
): Promise<void> {
  const events = openEventStream(res, heartbeatMs);
  const sendText = (text: string) => {
    markAnswering(res);
    events.send('delta', { text });
  };
  try {
    events.send('done', await question.answer({ onDelta: sendText }));
  } catch (error) {
    const problem = problemOf(error);
    reportProblem(log, problem, res);
    markProblem(res, problem);
    events.send('error', problem.document(problem.status === 500 ? traceId() : null));
  }
  events.end();
}
