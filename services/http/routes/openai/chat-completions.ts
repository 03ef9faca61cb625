/** POST /v1/chat/completions: answers a question in the form of the OpenAI API, for chat clients and its SDKs. */
import type { Response } from 'express';
import { z } from 'zod';
import { openEventStream } from '../../api/event-stream.ts';
import { idempotencyHeaders } from '../../api/idempotency-key.ts';
import { defineRoute, responseSent } from '../../define-route.ts';
import { markAnswering, markProblem } from '../../middleware/count-questions.ts';
import { problemOf, reportProblem } from '../../middleware/error-handler.ts';
import {
  type AdmittedQuestion,
  admitQuestion,
  type QuestionDependencies,
  questionProblems,
} from '../admit-question.ts';
import { type CompletionHead, completionDocument, completionOf, createChunks } from './completion.ts';
import { errorBody } from './errors.ts';
import { historyOf, messages, readConversation } from './messages.ts';

const boolean = z.boolean({ error: 'must be true or false' });

/** Whole conversations are sent with each question. */
const bodyLimitBytes = 1_048_576;
/** Earlier questions of a conversation that are looked up or sent to the model. */
const mostEarlier = 6;

const completionRequest = z
  .looseObject(
    {
      model: z.string({ error: 'must be a string' }).optional().meta({
        description: 'Any name is accepted. The operator of this service chooses the model.',
      }),
      messages,
      stream: boolean.nullish(),
      stream_options: z.looseObject({ include_usage: boolean.nullish() }).nullish(),
      n: z.literal(1, { error: 'must be 1' }).nullish(),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
  )
  .meta({
    id: 'ChatCompletionRequest',
    description: 'Other fields of the OpenAI API, such as temperature and tools, are accepted and ignored.',
  });

export const completion = z
  .looseObject({
    id: z.string().meta({ description: '"chatcmpl-" and the id of the answer.' }),
    object: z.literal('chat.completion'),
    choices: z.array(
      z.looseObject({
        finish_reason: z.string(),
        message: z.looseObject({
          content: z.string().meta({ description: 'The recorded answer, followed by a list of its sources.' }),
          annotations: z.array(z.looseObject({ type: z.literal('url_citation') })),
        }),
      }),
    ),
  })
  .meta({ id: 'ChatCompletion' });

/**
 * Finds the session of this user that contains earlier questions of a conversation, newest first.
 * Undefined: none of the last ones does.
 * @throws {ServiceFailure} `database_unavailable`
 */
export type FindSession = (userId: string, earlier: readonly string[]) => Promise<string | undefined>;

type Dependencies = QuestionDependencies & { readonly findSession: FindSession };

export const completeChat = defineRoute({
  id: 'completeChat',
  method: 'post',
  path: '/v1/chat/completions',
  access: 'question',
  summary: 'Ask a question in the form of the OpenAI API',
  description:
    'For OpenAI SDKs and chat clients. The question is answered, limited and recorded as by POST /api/ai/chat. Errors have the form of the OpenAI API instead of a Problem.',
  headers: idempotencyHeaders,
  body: completionRequest,
  bodyLimitBytes,
  response: completion,
  alternatives: {
    'text/event-stream': { example: 'data: {a chat.completion.chunk}\n\ndata: [DONE]\n\n' },
  },
  problems: questionProblems,
  async handler({ body, headers, caller, signal }, deps: Dependencies, { res }) {
    const { query, earlier } = readConversation(body.messages);
    const { userId } = caller.requester;
    const last = earlier.slice(-mostEarlier);
    const question = await admitQuestion(deps, {
      caller,
      query,
      sessionId: async () => (last.length === 0 ? undefined : deps.findSession(userId, last.toReversed())),
      history: historyOf(last, mostEarlier),
      key: headers['Idempotency-Key'] ?? null,
      request: { query, earlier },
      signal,
    });
    if (question.replayed) res.set('Idempotency-Replayed', 'true');
    const head = { id: question.id, now: deps.now() };
    if (body.stream !== true) res.json(completionDocument(head, completionOf(await question.answer(), query)));
    else
      await sendChunks({ question, query, head, includeUsage: body.stream_options?.include_usage === true }, deps, res);
    return responseSent;
  },
});

type Streamed = {
  readonly question: AdmittedQuestion;
  readonly query: string;
  readonly head: CompletionHead;
  readonly includeUsage: boolean;
};

async function sendChunks(
  { question, query, head, includeUsage }: Streamed,
  { log, traceId, heartbeatMs }: QuestionDependencies,
  res: Response,
): Promise<void> {
  const events = openEventStream(res, heartbeatMs);
  const send = (data: unknown) => events.sendData(JSON.stringify(data));
  const chunks = createChunks(head, includeUsage);
  let sent = '';
  const sendText = (content: string) => {
    if (content === '') return;
    markAnswering(res);
    sent += content;
    send(chunks.delta({ content }));
  };
  send(chunks.delta({ role: 'assistant', content: '' }));
  try {
    const reply = await question.answer({ onDelta: sendText, draftsAreCited: true });
    const complete = completionOf(reply, query);
    // A draft cannot be taken back, so an answer that is not its continuation follows it whole.
    sendText(
      complete.content.startsWith(sent) ? complete.content.slice(sent.length) : `\n\n---\n\n${complete.content}`,
    );
    if (complete.annotations.length > 0) send(chunks.delta({ annotations: complete.annotations }));
    send(chunks.end(complete));
    if (includeUsage) send(chunks.usage(complete));
    events.sendData('[DONE]');
  } catch (error) {
    const problem = problemOf(error);
    reportProblem(log, problem, res);
    markProblem(res, problem);
    send(errorBody(problem, problem.status === 500 ? traceId() : null));
  }
  events.end();
}
