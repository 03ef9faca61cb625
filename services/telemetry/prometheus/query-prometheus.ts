/** Asks Prometheus, or what speaks its API, over HTTP. */
import { z } from 'zod';

/** Prometheus is unreachable, or its answer cannot be relied on. Contains no credentials. */
class PrometheusError extends Error {
  override readonly name = 'PrometheusError';

  /** Logged: the message is ours and quotes no text of users. */
  get safeMessage(): string {
    return this.message;
  }
}

export type PrometheusSeries = {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time in seconds, and the value; ascending. */
  readonly samples: readonly (readonly [number, number])[];
};

/** @throws {PrometheusError} */
export type QueryPrometheus = (
  path: 'query' | 'query_range',
  parameters: Readonly<Record<string, string>>,
) => Promise<readonly PrometheusSeries[]>;

const answer = z.object({
  status: z.string(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  data: z
    .object({
      resultType: z.enum(['vector', 'matrix']),
      result: z.array(
        z.object({
          metric: z.record(z.string(), z.string()),
          value: z.tuple([z.number(), z.string()]).optional(),
          values: z.array(z.tuple([z.number(), z.string()])).optional(),
        }),
      ),
    })
    .optional(),
});

/** As long as Prometheus itself works on a query before it gives up would be two minutes; a worker waits less. */
const timeoutMs = 30_000;

/** @param url of the server, with the path that its API is under, if any; a user and password in it are sent as Basic */
export function createQueryPrometheus(url: string, signal: AbortSignal): QueryPrometheus {
  const base = new URL(url);
  const { username, password } = base;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const headers = username === '' ? {} : { authorization: `Basic ${credentials}` };
  base.username = '';
  base.password = '';
  return async (path, parameters) => {
    const target = `${base.href.replace(/\/+$/, '')}/api/v1/${path}`;
    const { reply, text } = await fetch(target, {
      method: 'POST',
      headers,
      body: new URLSearchParams(parameters),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
      .then(async (reply) => ({ reply, text: await reply.text() }))
      .catch((error: unknown) => {
        throw new PrometheusError(`${base.origin} does not answer: ${causeOf(error)}`, { cause: error });
      });
    const { success, data: body } = answer.safeParse(parsed(text));
    if (!reply.ok || !success || body.status !== 'success' || body.data === undefined) {
      const why = success && body.error !== undefined ? body.error : 'the answer is not from Prometheus';
      throw new PrometheusError(`${base.origin} answers ${reply.status}: ${why}`);
    }
    // With several stores, one may have been unreachable: a partial result would look like a gap.
    if (body.warnings !== undefined && body.warnings.length > 0) {
      throw new PrometheusError(`${base.origin} answers with a warning: ${body.warnings.join('; ')}`);
    }
    return body.data.result.map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
      labels: metric,
      samples: values.map(([at, text]) => [at, Number(text)] as const),
    }));
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
