/** What each route takes, gives and refuses: the table behind the OpenAPI document. */
import { z } from 'zod';
import { type ProblemName, problemDocument, problemTypes } from './problem.ts';
import { reply } from './reply.ts';
import { chatRequest } from './routes/chat.ts';
import { history, historyQuery } from './routes/dialogues.ts';
import { eraseQuery, erasureReceipt } from './routes/erase.ts';
import { exportLine } from './routes/export.ts';
import { dialogueParams, voteReply, voteRequest } from './routes/feedback.ts';
import { plugin, pluginChange, pluginHealth, pluginList, pluginParams, syncRequested } from './routes/plugins.ts';
import { expiringContent, expiringQuery, provenancePage, provenanceQuery } from './routes/provenance.ts';
import { dayReport, historyDaysQuery, metricsHistory } from './routes/rag-metrics.ts';
import { sessionRequest } from './routes/session.ts';

export type Json = Record<string, unknown>;

export type Operation = {
  /** For generated clients: stays as it is. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth?: 'user' | 'admin';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: readonly Json[];
  readonly body?: z.ZodType;
  /** Absent: 204. */
  readonly reply?: z.ZodType;
  /** Absent: application/json. */
  readonly replyType?: string;
  /** Media types of the reply besides JSON. */
  readonly alsoAs?: Json;
  readonly problems: readonly ProblemName[];
};

const user: readonly ProblemName[] = ['unauthorized', 'forbidden', 'too-many-requests', 'sign-in-unavailable'];
const withBody: readonly ProblemName[] = ['bad-request', 'content-too-large', 'unsupported-media-type'];
const database: readonly ProblemName[] = ['database-unavailable'];
export const always: readonly ProblemName[] = [
  'method-not-allowed',
  'request-timeout',
  'headers-too-large',
  'internal',
];

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
  '/api/admin/rag-metrics': {
    get: {
      id: 'readRagMetrics',
      summary: 'Today so far',
      auth: 'admin',
      reply: dayReport,
      problems: [...user, ...database],
    },
  },
  '/api/admin/rag-metrics/history': {
    get: {
      id: 'readRagMetricsHistory',
      summary: 'The last days, as the daily rollup counted them',
      auth: 'admin',
      query: historyDaysQuery,
      reply: metricsHistory,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/provenance': {
    get: {
      id: 'listProvenance',
      summary: 'Content in use, and by which right',
      auth: 'admin',
      query: provenanceQuery,
      reply: provenancePage,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/provenance/expiring': {
    get: {
      id: 'listExpiringContent',
      summary: 'Content that expires soon',
      auth: 'admin',
      query: expiringQuery,
      reply: expiringContent,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/plugins': {
    get: {
      id: 'listPlugins',
      summary: 'Content sources, how they are and what their last sync did',
      auth: 'admin',
      reply: pluginList,
      problems: [...user, ...database],
    },
  },
  '/api/admin/plugins/{source}': {
    patch: {
      id: 'changePlugin',
      summary: 'Enable, disable or configure a content source',
      description:
        'What is left out stays. Every change is audited. Where a source is fetched from, its code and its key are for the command line.',
      auth: 'admin',
      params: pluginParams,
      body: pluginChange,
      reply: plugin,
      problems: [...user, ...withBody, 'not-found', ...database],
    },
  },
  '/api/admin/plugins/{source}/health': {
    post: {
      id: 'checkPluginHealth',
      summary: 'Ask a content source how it is, now',
      auth: 'admin',
      params: pluginParams,
      reply: pluginHealth,
      problems: [...user, 'bad-request', 'not-found', ...database],
    },
  },
  '/api/admin/plugins/{source}/sync': {
    post: {
      id: 'requestSync',
      summary: 'Have the worker sync a content source within a minute',
      auth: 'admin',
      params: pluginParams,
      reply: syncRequested,
      problems: [...user, 'bad-request', 'not-found', ...database],
    },
  },
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
