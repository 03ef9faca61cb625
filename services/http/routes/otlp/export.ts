/** POST /v1/traces, /v1/logs and /v1/metrics: OTLP over HTTP. Langfuse's SDKs have a path of their own for traces. */

import { TurnRefused } from '../../../intake/external-turn.ts';
import type { LogEvent, Span } from '../../../intake/spans/span.ts';
import { Problem } from '../../api/problem.ts';
import type { ServiceCaller } from '../../auth/authenticate-service.ts';
import { defineRoute, type Exchange, responseSent } from '../../define-route.ts';
import { decodeJsonLogs, decodeJsonTraces } from '../../otlp/json.ts';
import { decodeLogs, decodeTraces } from '../../otlp/protobuf.ts';
import { answerAsOtlp, type LimitExports, orProblem, withOtlp } from '../../otlp/read-request.ts';
import type { Decoded } from '../../otlp/records.ts';
import { sendAccepted } from '../../otlp/reply.ts';

/**
 * Resolves when the items are durable.
 * @param refused records that could not be read, for the counts
 * @throws {ServiceFailure} `database_unavailable`, `overloaded`
 * @throws {TurnRefused} for a service whose masks cannot be used
 */
export type ReceiveItems<Item> = (service: string, items: readonly Item[], refused: number) => Promise<void>;

export type ExportDeps = {
  readonly receiveSpans: ReceiveItems<Span>;
  readonly receiveLogs: ReceiveItems<LogEvent>;
  readonly limitExports: LimitExports;
};

const common = {
  method: 'post',
  access: 'service',
  before: [answerAsOtlp],
  responseType: 'application/json',
  problems: ['bad-request', 'content-too-large', 'unsupported-media-type', 'database-unavailable', 'overloaded'],
} as const;

const description =
  'OTLP as protobuf or JSON, uncompressed or with gzip or deflate. Spans are durable when the reply is sent. The reply has the encoding of the request; partial_success counts records that were refused.';

export const exportTraces = defineRoute({
  ...common,
  id: 'exportTraces',
  path: '/v1/traces',
  summary: 'Send spans of your application (OTLP/HTTP)',
  description,
  handler: ({ service }, deps: ExportDeps, exchange) => traces(service, deps, exchange),
});

export const exportLangfuseTraces = defineRoute({
  ...common,
  id: 'exportLangfuseTraces',
  path: '/api/public/otel/v1/traces',
  summary: 'Send spans with the SDKs of Langfuse',
  description,
  handler: ({ service }, deps: ExportDeps, exchange) => traces(service, deps, exchange),
});

export const exportLogs = defineRoute({
  ...common,
  id: 'exportLogs',
  path: '/v1/logs',
  summary: 'Send log events of your application (OTLP/HTTP)',
  description: `${description} Events with messages complete the spans that they belong to; other records are not stored.`,
  handler: async ({ service }, deps: ExportDeps, { req, res }) => {
    await withOtlp(req, deps.limitExports, async ({ encoding, body }) => {
      const decoded = await orProblem(() => (encoding === 'json' ? decodeJsonLogs(body) : decodeLogs(body)));
      await receive(deps.receiveLogs, service, decoded);
      sendAccepted(res, encoding, { name: 'rejectedLogRecords', ...partial(decoded) });
    });
    return responseSent;
  },
});

export const exportMetrics = defineRoute({
  ...common,
  id: 'exportMetrics',
  path: '/v1/metrics',
  summary: 'Accept metrics without storing them (OTLP/HTTP)',
  description: 'Exporters that send all signals to one address need a reply. Metrics are not stored.',
  handler: async (_input, deps: Pick<ExportDeps, 'limitExports'>, { req, res }) => {
    await withOtlp(req, deps.limitExports, async ({ encoding }) => {
      sendAccepted(res, encoding, { name: 'rejectedDataPoints', rejected: 0, message: 'metrics are not stored' });
    });
    return responseSent;
  },
});

async function traces(service: ServiceCaller, deps: ExportDeps, { req, res }: Exchange): Promise<typeof responseSent> {
  await withOtlp(req, deps.limitExports, async ({ encoding, body }) => {
    const decoded = await orProblem(() => (encoding === 'json' ? decodeJsonTraces(body) : decodeTraces(body)));
    await receive(deps.receiveSpans, service, decoded);
    sendAccepted(res, encoding, { name: 'rejectedSpans', ...partial(decoded) });
  });
  return responseSent;
}

/** Stores what was read of a request. @throws {Problem} `bad-request` where nothing may be stored */
export async function receive<Item>(
  receiveItems: ReceiveItems<Item>,
  { service }: ServiceCaller,
  { items, refused }: Pick<Decoded<Item>, 'items' | 'refused'>,
): Promise<void> {
  try {
    await receiveItems(service, items, refused);
  } catch (error) {
    if (!(error instanceof TurnRefused)) throw error;
    throw new Problem('bad-request', { detail: `Nothing was stored: ${error.safeMessage}.`, cause: error });
  }
}

function partial({ refused, reasons }: Decoded<unknown>): { readonly rejected: number; readonly message: string } {
  return { rejected: refused, message: reasons.join('; ') };
}
