/** Sends a request and leaves out what a server says it does not know. */
import { BadRequestError } from 'openai';

/** Parameters that an answer can do without. */
export type Dispensable = 'temperature' | 'stream_options' | 'response_format';

/**
 * Sends `body`, without the parameters in `unknown`. Where the server refuses one of them with 400 and its name (reasoning
 * models take no temperature, older servers no stream options), it is put into `unknown`, for good, and the request is sent again.
 */
export async function sendAccepted<B extends object, R>(
  body: B,
  unknown: Set<Dispensable>,
  send: (body: B) => Promise<R>,
): Promise<R> {
  const accepted = Object.fromEntries(Object.entries(body).filter(([name]) => !unknown.has(name as Dispensable))) as B;
  try {
    return await send(accepted);
  } catch (error) {
    const refused = refusedParameter(error, accepted);
    if (refused === null) throw error;
    unknown.add(refused);
    return sendAccepted(body, unknown, send);
  }
}

function refusedParameter(error: unknown, body: object): Dispensable | null {
  if (!(error instanceof BadRequestError)) return null;
  const told = `${error.param} ${error.message}`;
  const names: readonly Dispensable[] = ['temperature', 'stream_options', 'response_format'];
  return names.find((name) => name in body && told.includes(name)) ?? null;
}
