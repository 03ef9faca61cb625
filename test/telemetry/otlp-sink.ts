/** An HTTP server that keeps the OTLP data that it receives. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

export type SentSpan = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  kind: number;
  links?: { traceId: string }[];
  status: { code: number; message?: string };
  attributes: Record<string, unknown>;
};

export async function openOtlpSink() {
  const received: { path: string; body: Buffer }[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = createServer(async (req, res) => {
    const body = await buffer(req);
    received.push({
      path: req.url ?? '',
      body: req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body,
    });
    res.setHeader('content-type', req.headers['content-type'] ?? '').end();
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves when `enough` returns true. */
    async until(enough: () => boolean) {
      while (!enough()) await arrived.promise;
    },
    /** Everything received, as text. */
    everything: () => Buffer.concat(received.map(({ body }) => body)).toString('utf8'),
    paths: () => [...new Set(received.map(({ path }) => path))].sort(),
    spans: () => received.filter(({ path }) => path === '/v1/traces').flatMap(({ body }) => spansOf(body)),
    resource: () => resourceOf(received.find(({ path }) => path === '/v1/traces')?.body),
    logs: () => received.filter(({ path }) => path === '/v1/logs').map(({ body }) => body.toString()),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Attribute = { key: string; value: Record<string, unknown> };
type Sent = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: (Omit<SentSpan, 'attributes'> & { attributes: Attribute[] })[] }[];
  }[];
};

function spansOf(body: Buffer): SentSpan[] {
  const sent = JSON.parse(body.toString()) as Sent;
  return sent.resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map((span) => ({ ...span, attributes: plain(span.attributes) }));
}

function resourceOf(body: Buffer | undefined): Record<string, unknown> {
  if (body === undefined) throw new Error('no spans were received');
  return plain((JSON.parse(body.toString()) as Sent).resourceSpans[0]?.resource.attributes ?? []);
}

/** Senders omit an empty list of attributes. */
function plain(attributes: Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
