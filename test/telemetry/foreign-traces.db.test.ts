/** Requests with a `traceparent` of their own: trusted callers continue their trace, others begin a new one. */
import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { openOtlpSink } from './otlp-sink.ts';
import { runMinimalServer } from './run-minimal-server.ts';

const foreign = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${foreign}-b7ad6b7169203331-01`;
const db = await testDatabase();
const sink = await openOtlpSink();
afterAll(() => sink.close());
const exporting = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };

/** @returns the trace id of the reply */
async function ask(env: Record<string, string>, headers: Record<string, string>): Promise<string> {
  const server = await runMinimalServer(db.url, env);
  const { traceId = '' } = await server.post('/ask/something', { query: 'anything' }, headers);
  await server.end();
  return traceId;
}

test('a trusted caller continues its trace', async () => {
  expect(await ask(exporting, { traceparent })).toBe(foreign);
});

test('any other caller begins a new trace that links to its own, without its trace state', async () => {
  const headers = { traceparent, tracestate: 'himitsu=1', 'x-forwarded-for': '203.0.113.9' };
  const traceId = await ask(exporting, headers);
  expect(traceId).not.toBe(foreign);
  const [root] = sink.spans().filter((span) => span.traceId === traceId && !span.parentSpanId);
  expect(root?.links).toMatchObject([{ traceId: foreign }]);
  expect(JSON.stringify(sink.spans())).not.toContain('himitsu');
});

test('another caller cannot force a span to be recorded', async () => {
  const env = { ...exporting, OTEL_TRACES_SAMPLER: 'parentbased_always_off', TRACEPARENT_TRUSTED: 'none' };
  const traceId = await ask(env, { traceparent });
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(traceId).not.toBe(foreign);
  expect(sink.spans().filter((span) => span.traceId === traceId)).toEqual([]);
});

test('a trusted caller decides whether its trace is recorded', async () => {
  const recorded = await ask({ ...exporting, OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, { traceparent });
  expect(sink.spans().filter((span) => span.traceId === recorded).length).toBeGreaterThan(5);
});

test('without a Collector the same callers are trusted', async () => {
  expect(await ask({}, { traceparent })).toBe(foreign);
  expect(await ask({ TRACEPARENT_TRUSTED: 'none' }, { traceparent })).not.toBe(foreign);
});

test.each(['00-zz-b7ad6b7169203331-01', '00-00000000000000000000000000000000-b7ad6b7169203331-01', 'x'.repeat(900)])(
  'an unreadable header (%s) begins a new trace without a link',
  async (unreadable) => {
    const traceId = await ask({}, { traceparent: unreadable });
    expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  },
);
