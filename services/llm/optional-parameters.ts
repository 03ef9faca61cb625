/** Leaves out request parameters that a server refuses. */
import { RefusedRequest } from './model-client.ts';

/** Parameters that an answer can do without. */
const optional = ['temperature', 'stream_options', 'response_format', 'max_tokens', 'max_completion_tokens'] as const;
export type OptionalParameter = (typeof optional)[number];

/** Milliseconds after which a refused parameter is sent again: servers are updated. */
const TRY_AGAIN_MS = 3_600_000;

export type RefusedParameters = {
  readonly has: (parameter: OptionalParameter) => boolean;
  readonly add: (parameter: OptionalParameter) => void;
};

/**
 * The parameters that one model refuses at the moment.
 * @param onRefusal called for each refused parameter, so that it is logged
 */
export function createRefusedParameters(
  onRefusal: (parameter: OptionalParameter) => void,
  now: () => number = () => performance.now(),
): RefusedParameters {
  const until = new Map<OptionalParameter, number>();
  return {
    has: (parameter) => (until.get(parameter) ?? 0) > now(),
    add: (parameter) => {
      until.set(parameter, now() + TRY_AGAIN_MS);
      onRefusal(parameter);
    },
  };
}

/**
 * Sends the body that `build` makes. Where the server refuses an optional parameter by a structured error (400 or 422 with
 * its name in `param` or `loc`), the parameter is recorded as refused and the request is sent again without it. The message
 * of an error never decides: it may quote the user.
 */
export async function sendAccepted<B extends object, R>(
  build: (isRefused: (parameter: OptionalParameter) => boolean) => B,
  refused: RefusedParameters,
  send: (body: B) => Promise<R>,
): Promise<R> {
  for (let sent = 0; ; sent += 1) {
    const body = build(refused.has);
    try {
      return await send(body);
    } catch (error) {
      const parameter = sent < optional.length ? refusedParameter(error, body) : null;
      if (parameter === null) throw error;
      refused.add(parameter);
    }
  }
}

function refusedParameter(error: unknown, body: object): OptionalParameter | null {
  if (!(error instanceof RefusedRequest) || (error.status !== 400 && error.status !== 422)) return null;
  const named = namedParameters(error.body, 0);
  return optional.find((parameter) => parameter in body && named.has(parameter)) ?? null;
}

/** The values of `param` and the elements of `loc`, anywhere in an error: OpenAI's, FastAPI's and Mistral's. */
function namedParameters(value: unknown, depth: number): ReadonlySet<string> {
  const named = new Set<string>();
  if (typeof value !== 'object' || value === null || depth > 6) return named;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'param' && typeof inner === 'string') named.add(inner.split(/[.[]/)[0] ?? '');
    else if (key === 'loc' && Array.isArray(inner)) for (const part of inner) named.add(String(part));
    else for (const name of namedParameters(inner, depth + 1)) named.add(name);
  }
  return named;
}
