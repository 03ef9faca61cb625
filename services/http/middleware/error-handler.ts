/** Turns thrown errors into problem documents and logs those that the server is responsible for. */
import type { ErrorRequestHandler, Response } from 'express';
import { type FailureCode, outcomeOf, ServiceFailure } from '../../failure/service-failure.ts';
import { Problem, type ProblemName, tooLarge } from '../api/problem.ts';
import { routeOf } from '../router.ts';

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/**
 * The part of pino that this folder uses. Errors are logged as `err`; the logger must drop their messages, which may quote
 * text of users.
 */
export type Log = { readonly debug: Write; readonly info: Write; readonly warn: Write; readonly error: Write };

type TraceId = () => string | null;

const failureProblems = {
  model_unavailable: 'model-unavailable',
  model_unreachable: 'model-unavailable',
  model_silent: 'model-unavailable',
  model_protocol: 'model-unavailable',
  model_key: 'model-unavailable',
  model_quota: 'model-unavailable',
  model_rate_limited: 'model-unavailable',
  content_filtered: 'content-filtered',
  context_exceeded: 'context-exceeded',
  model_refused: 'model-refused',
  tool_called: 'tool-called',
  database_unavailable: 'database-unavailable',
  overloaded: 'overloaded',
  cancelled: 'question-cancelled',
  internal: 'internal',
} as const satisfies Record<FailureCode, ProblemName>;

export type FailureProblem = (typeof failureProblems)[FailureCode];

/** Seconds, for failures that do not set their own. */
const defaultRetryAfter = 5;

/** Error types of body-parser. */
const libraryProblems: Readonly<Record<string, ProblemName>> = {
  'encoding.unsupported': 'unsupported-media-type',
  'charset.unsupported': 'unsupported-media-type',
};

/** Maps any thrown error to a problem. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ServiceFailure) {
    const name = failureProblems[error.code];
    if (name === 'internal') return new Problem('internal', { cause: error });
    if (outcomeOf(error.code) === 'rejected') return new Problem(name, { cause: error });
    const seconds = Math.max(1, Math.ceil(error.retryAfterSeconds ?? defaultRetryAfter));
    return new Problem(name, { headers: { 'Retry-After': String(seconds) }, cause: error });
  }
  if (isClientError(error)) {
    const type = 'type' in error ? String(error.type) : '';
    if (type === 'entity.too.large' && 'limit' in error) return tooLarge(Number(error.limit));
    return new Problem(libraryProblems[type] ?? 'bad-request', {
      ...(libraryProblems[type] === undefined && {
        detail: 'The path, the headers or the length of the request is malformed.',
      }),
      cause: error,
    });
  }
  return new Problem('internal', { cause: error });
}

/** Errors of http-errors, which set `expose`, and of paths that cannot be decoded. */
function isClientError(error: unknown): error is Error {
  return error instanceof URIError || (error instanceof Error && 'expose' in error && error.expose === true);
}

export type ErrorReporting = { readonly log: Log; readonly traceId: TraceId };

/**
 * Logs failures of the server and of its dependencies, and questions that the model's side rejects, but no client that hung up.
 */
export function reportProblem(log: Log, problem: Problem, res: Response): void {
  const { cause, status, problemName } = problem;
  const outcome = cause instanceof ServiceFailure ? outcomeOf(cause.code) : null;
  if (outcome === 'aborted' || (status < 500 && outcome !== 'rejected')) return;
  // Readiness probes repeat every few seconds; their response already says why.
  if (problemName === 'not-ready') return;
  const fields = { route: routeOf(res.req), problem: problemName, err: cause };
  if (status === 500) log.error(fields, 'a request failed');
  else if (outcome === 'rejected') log.warn(fields, 'the model rejected a question');
  else log.warn(fields, 'a request was rejected, the client may retry');
}

type SendProblem = (res: Response, problem: Problem, traceId: string | null) => void;

const sendProblem: SendProblem = (res, problem, traceId) => {
  res
    .status(problem.status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(problem.document(problem.status === 500 ? traceId : null)));
};

/** Sends problems of this request with `send`, for example as an HTML page. */
export function sendProblemsWith(res: Response, send: SendProblem): void {
  res.locals.sendProblem = send;
}

export function handleErrors({ log, traceId }: ErrorReporting): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const problem = problemOf(error);
    reportProblem(log, problem, res);
    const send: SendProblem = res.locals.sendProblem ?? sendProblem;
    if (res.destroyed || res.headersSent) res.destroy();
    else send(res, problem, traceId());
  };
}
