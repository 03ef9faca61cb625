/** Sends OTLP as exporters do, and builds spans for tests. */
import { randomBytes } from 'node:crypto';
import { bytesOf, captured } from './captures.ts';

export type Sent = { readonly type?: string; readonly encoding?: string; readonly authorization?: string };

export async function postOtlp(url: string, key: string, body: Buffer, sent: Sent = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: sent.authorization ?? `Bearer ${key}`,
      'content-type': sent.type ?? 'application/json',
      ...(sent.encoding === undefined ? {} : { 'content-encoding': sent.encoding }),
    },
    body: new Uint8Array(body),
  });
  const { headers, status } = response;
  const reply = Buffer.from(await response.arrayBuffer());
  return { status, type: headers.get('content-type'), retryAfter: headers.get('retry-after'), reply };
}

/** Sends a capture as its SDK did, to the servers in turn. Its scores are left out. */
export async function sendCapture(
  name: string,
  key: string,
  origins: readonly string[],
  encoding: 'json' | 'protobuf' = 'json',
): Promise<number[]> {
  const statuses: number[] = [];
  for (const [index, request] of captured(name).entries()) {
    if (request.path.endsWith('/scores')) continue;
    const isBinary = encoding === 'protobuf' && Boolean(request.protobuf);
    const url = `${origins[index % origins.length]}${request.path}`;
    const type = isBinary ? 'application/x-protobuf' : 'application/json';
    const { status } = await postOtlp(url, key, bytesOf(request, isBinary ? 'protobuf' : 'json'), { type });
    statuses.push(status);
  }
  return statuses;
}

type SpanFields = {
  readonly traceId: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  /** Milliseconds after a fixed moment of this run. */
  readonly from?: number;
  readonly to?: number;
  readonly [field: string]: unknown;
};

const began = Date.now() - 10_000;

/** As OTLP/JSON. */
export function jsonSpan(
  { from = 0, to = 100, ...fields }: SpanFields,
  attributes: Record<string, string | number> = {},
) {
  return {
    spanId: randomId(8),
    name: 'step',
    startTimeUnixNano: String(BigInt(began + from) * 1_000_000n),
    endTimeUnixNano: String(BigInt(began + to) * 1_000_000n),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
    ...fields,
  };
}

export function jsonTraces(spans: readonly object[], scope = 'test'): Buffer {
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: scope }, spans }] }] }));
}

export function randomId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
