/** Sends requests to this server. An error response becomes an error with its problem document. */

/** @typedef {{ type: string, title?: string, detail?: string, status?: number, traceId?: string | undefined }} ProblemLike */

export class RequestProblem extends Error {
  /** @param {ProblemLike} problem `type` is a problem type, `unreachable` or `interrupted` */
  constructor(problem) {
    super(problem.type);
    this.problem = problem;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Response>} a successful response
 * @throws {RequestProblem}
 */
export async function request(path, options = {}) {
  const response = await fetch(path, options).catch((error) => {
    if (options.signal?.aborted) throw error;
    throw new RequestProblem({ type: 'unreachable' });
  });
  if (!response.ok) throw new RequestProblem(await problemOf(response));
  return response;
}

/** @param {unknown} body @returns {RequestInit} */
export function postJson(body) {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** A proxy may respond with something other than a problem document. @param {Response} response @returns {Promise<ProblemLike>} */
async function problemOf(response) {
  const unknown = { type: 'about:blank', title: `${response.status} ${response.statusText}`, status: response.status };
  if (!(response.headers.get('Content-Type') ?? '').startsWith('application/problem+json')) return unknown;
  return response.json().catch(() => unknown);
}
