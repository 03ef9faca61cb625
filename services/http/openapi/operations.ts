/** What each route takes, gives and refuses: the table behind the OpenAPI document. */
import { z } from 'zod';
import { reply } from '../api/chat-reply.ts';
import { problemDocument, problemTypes } from '../api/problem.ts';
import { chatRequest } from '../routes/chat.ts';
import { history, historyQuery } from '../routes/dialogues.ts';
import { dialogueParams, voteReply, voteRequest } from '../routes/feedback.ts';
import { eraseQuery, erasureReceipt } from '../routes/me/erase.ts';
import { exportLine } from '../routes/me/export.ts';
import { sessionRequest } from '../routes/session.ts';
import { adminOperations } from './admin-operations.ts';
import { database, type Operation, user, withBody } from './operation.ts';

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'The same key with the same question gives the first answer again (with Idempotency-Replayed: true). A question that failed may be asked again under its key.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

export const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/api/ai/chat': {
    post: {
      id: 'askQuestion',
      summary: 'Ask a question',
      description: 'Answered after the answer is recorded. The body may also be labelled text/plain, or not at all.',
      auth: 'user',
      headers: [idempotencyKey],
      body: chatRequest,
      reply,
      alsoAs: {
        'text/event-stream': {
          schema: { type: 'string' },
          example:
            'event: delta\ndata: {"text":"a piece of a draft"}\n\nevent: done\ndata: {the Reply}\n\nor, in its place:\n\nevent: error\ndata: {the Problem}\n\n',
        },
      },
      problems: [
        ...user,
        ...withBody,
        'account-missing',
        'not-found',
        'question-in-progress',
        'question-cancelled',
        'idempotency-key-reused',
        'model-unavailable',
        'overloaded',
        ...database,
      ],
    },
  },
  '/api/ai/dialogues': {
    get: {
      id: 'listDialogues',
      summary: 'Your own questions and answers',
      auth: 'user',
      query: historyQuery,
      reply: history,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/ai/dialogues/{id}/feedback': {
    post: {
      id: 'voteOnAnswer',
      summary: 'Vote on an answer',
      auth: 'user',
      params: dialogueParams,
      body: voteRequest,
      reply: voteReply,
      problems: [...user, ...withBody, 'not-found', ...database],
    },
  },
  '/api/me': {
    delete: {
      id: 'eraseMe',
      summary: 'Erase what is recorded about you',
      description:
        'Answers under way are not recorded either. The receipt holds nothing personal. Erasing again gives a receipt of zeros.',
      auth: 'user',
      query: eraseQuery,
      reply: erasureReceipt,
      problems: [...user, 'bad-request', 'account-in-use', ...database],
    },
  },
  '/api/me/export': {
    get: {
      id: 'exportMe',
      summary: 'Everything that is held about you',
      description: 'One JSON object a line, each of this schema. Without a last line of type end it broke off.',
      auth: 'user',
      reply: exportLine,
      replyType: 'application/x-ndjson',
      problems: [...user, ...database],
    },
  },
  ...adminOperations,
  '/session': {
    post: {
      id: 'signIn',
      summary: 'Put a token into the HttpOnly cookie that the pages use',
      body: sessionRequest,
      problems: [...withBody, 'unauthorized', 'forbidden', 'too-many-requests', 'sign-in-unavailable'],
    },
    delete: { id: 'signOut', summary: 'Take the token out of the cookie', problems: ['forbidden'] },
  },
  '/healthz': {
    get: {
      id: 'readHealth',
      summary: 'Whether the process lives',
      reply: z.object({ status: z.literal('ok') }),
      problems: [],
    },
  },
  '/readyz': {
    get: {
      id: 'readReadiness',
      summary: 'Whether it can take questions',
      reply: z.object({ status: z.literal('ready') }),
      problems: ['not-ready'],
    },
  },
  '/openapi.json': {
    get: { id: 'readOpenApi', summary: 'This document', reply: z.object({ openapi: z.string() }), problems: [] },
  },
  '/problems/{name}': {
    get: {
      id: 'explainProblem',
      summary: 'What a problem type means',
      params: z.object({ name: z.enum(Object.keys(problemTypes)) }),
      reply: problemDocument,
      problems: ['not-found'],
    },
  },
};
