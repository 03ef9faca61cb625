/** Error bodies in the form of the OpenAI API, for the routes below /v1. */
import type { RequestHandler } from 'express';
import type { Problem, ProblemName } from '../../api/problem.ts';
import { sendProblemsWith } from '../../middleware/error-handler.ts';

/** The codes that clients know. Others are the problem's name. */
const codes: Partial<Record<ProblemName, string>> = {
  unauthorized: 'invalid_api_key',
  'too-many-requests': 'rate_limit_exceeded',
  'context-exceeded': 'context_length_exceeded',
  'content-filtered': 'content_filter',
};

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

/** `retry_after`, in seconds, is an addition: events of a stream have no headers. */
export function errorBody(problem: Problem, traceId: string | null) {
  const { problemName, status, errors, retryAfterSeconds } = problem;
  return {
    error: {
      message: problem.document().detail,
      type: types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      param: errors[0]?.field ?? null,
      code: codes[problemName] ?? problemName.replaceAll('-', '_'),
      ...(retryAfterSeconds !== null && { retry_after: retryAfterSeconds }),
      ...(traceId !== null && { trace_id: traceId }),
    },
  };
}

/** Sends the problems of these paths in OpenAI's form, with the same status and headers. */
export const sendOpenAiErrors: RequestHandler = (_req, res, next) => {
  sendProblemsWith(res, (_res, problem, traceId) => {
    res.status(problem.status).set(problem.headers);
    res.json(errorBody(problem, problem.status === 500 ? traceId : null));
  });
  next();
};
