/** The closed list of problem documents (RFC 9457). */
import { z } from 'zod';

/** `detail` is the default text. It says what to do next. */
export const problemTypes = {
  'bad-request': {
    status: 400,
    title: 'Bad request',
    detail: 'Fix the fields listed in errors and send the request again.',
  },
  unauthorized: { status: 401, title: 'Not signed in', detail: 'Send a valid token: "Authorization: Bearer TOKEN".' },
  forbidden: { status: 403, title: 'Not allowed', detail: 'Use a token with permission for this request.' },
  'not-found': {
    status: 404,
    title: 'Not found',
    detail: 'There is no such resource. See /openapi.json for all routes.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'Use a method listed in the Allow header.',
  },
  'request-timeout': {
    status: 408,
    title: 'Request timeout',
    detail: 'Send the complete request without long pauses.',
  },
  'question-in-progress': {
    status: 409,
    title: 'Question in progress',
    detail: 'The first question with this Idempotency-Key is still being answered. Retry after Retry-After seconds.',
  },
  'question-cancelled': {
    status: 409,
    title: 'Question cancelled',
    detail: 'Your data was erased while this question was being answered, so the answer was not recorded. Ask again.',
  },
  'account-in-use': {
    status: 409,
    title: 'Account in use',
    detail:
      'Other LMS tables reference the account, or only the LMS may delete it; nothing was erased. Retry without account=true, or contact the operator of the LMS.',
  },
  'account-missing': {
    status: 403,
    title: 'Account missing',
    detail:
      'The LMS has no account for this token, and only the LMS can create one. Sign in to the LMS, then ask again.',
  },
  'content-too-large': { status: 413, title: 'Content too large', detail: 'Send a body of at most 65,536 bytes.' },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send uncompressed JSON in UTF-8 as application/json.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency key reused',
    detail: 'This Idempotency-Key was used for another question. Use a new key for each question.',
  },
  'content-filtered': {
    status: 422,
    title: 'Content filtered',
    detail: 'The content filter of the language model blocked this question or its answer. Rephrase the question.',
  },
  'context-exceeded': {
    status: 422,
    title: 'Question too long for the model',
    detail:
      'The question and its passages exceed the context of the language model. Ask a shorter question, or start a new session.',
  },
  'model-refused': {
    status: 422,
    title: 'Model refused',
    detail: 'The language model refused to answer this question. Rephrase the question.',
  },
  'tool-called': {
    status: 422,
    title: 'Model called a tool',
    detail: 'The language model called a tool instead of answering, and this service has none. Rephrase the question.',
  },
  'turn-refused': {
    status: 422,
    title: 'Turn refused',
    detail: 'The turn cannot be stored, and nothing of it was. The operator has to change the service first.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', detail: 'Retry after Retry-After seconds.' },
  'headers-too-large': { status: 431, title: 'Headers too large', detail: 'Send fewer or shorter headers.' },
  internal: { status: 500, title: 'Internal error', detail: 'internal error' },
  'model-unavailable': {
    status: 503,
    title: 'Model unavailable',
    detail: 'The language model is unavailable, so no answer was generated. Retry after Retry-After seconds.',
  },
  'database-unavailable': {
    status: 503,
    title: 'Database unavailable',
    detail: 'The database is unavailable. Retry after Retry-After seconds.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    detail: 'Too many questions are waiting for an answer. Retry after Retry-After seconds.',
  },
  'sign-in-unavailable': {
    status: 503,
    title: 'Sign-in unavailable',
    detail: 'The keys to verify tokens cannot be fetched. Retry after Retry-After seconds.',
  },
  'not-ready': { status: 503, title: 'Not ready', detail: 'This server is not ready. Retry on another instance.' },
} as const;

export type ProblemName = keyof typeof problemTypes;

const fieldError = z.object({
  field: z.string().meta({ description: 'Name of the field, parameter or header; "body" for the whole body.' }),
  message: z.string(),
});

export type FieldError = z.output<typeof fieldError>;

export const problemDocument = z
  .object({
    type: z.enum(Object.keys(problemTypes).map((name) => `/problems/${name}`) as [string, ...string[]]),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What went wrong and what to do next.' }),
    errors: z.array(fieldError).optional(),
    retryAfterSeconds: z.int().min(0).optional().meta({
      description:
        'As in the header Retry-After, which an event of a stream cannot have. Absent: a retry does not help.',
    }),
    traceId: z.string().optional().meta({ description: 'Include it when you report an internal error.' }),
  })
  .meta({ id: 'Problem' });

export type ProblemDocument = z.output<typeof problemDocument>;

type Options = {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
};

/** Thrown to answer with that problem. */
export class Problem extends Error {
  readonly problemName: ProblemName;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];

  constructor(name: ProblemName, { detail, errors = [], headers = {}, cause }: Options = {}) {
    super(detail ?? problemTypes[name].detail, { cause });
    this.name = 'Problem';
    this.problemName = name;
    this.status = problemTypes[name].status;
    this.headers = headers;
    this.errors = errors;
  }

  /** Null: a retry does not help. */
  get retryAfterSeconds(): number | null {
    const seconds = this.headers['Retry-After'];
    return seconds === undefined ? null : Number(seconds);
  }

  document(traceId: string | null = null): ProblemDocument {
    const retryAfterSeconds = this.retryAfterSeconds;
    return {
      type: `/problems/${this.problemName}`,
      title: problemTypes[this.problemName].title,
      status: this.status,
      detail:
        retryAfterSeconds === null
          ? this.message
          : this.message.replace('Retry-After seconds', `${retryAfterSeconds} s`),
      ...(this.errors.length > 0 && { errors: [...this.errors] }),
      ...(retryAfterSeconds !== null && { retryAfterSeconds }),
      ...(traceId !== null && { traceId }),
    };
  }
}

/** A 400 about one field. */
export function badField(field: string, message: string): Problem {
  return new Problem('bad-request', { detail: `${field} ${message}`, errors: [{ field, message }] });
}

export function tooLarge(limitBytes: number): Problem {
  return new Problem('content-too-large', {
    detail: `Send a body of at most ${limitBytes.toLocaleString('en')} bytes.`,
  });
}
