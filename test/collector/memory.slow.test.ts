/** The Collector rejects data while memory is short, keeps running and accepts later data. */
import { request } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { newSpanId, traces } from './otlp.ts';
import { missing, runCollector } from './run-collector.ts';

describe.skipIf(missing !== null)('memory', async () => {
  if (missing !== null) return;
  const sink = await openOtlpSink();
  afterAll(() => sink.close());
  const limits = { COLLECTOR_MEMORY_MIB: '60', COLLECTOR_MEMORY_SPIKE_MIB: '20' };
  const collector = await runCollector(sink.url, limits);

  test('above its limit it returns a retryable 503, counts rejected data, and recovers', async () => {
    const unfinished = Array.from({ length: 5 }, () => holdRequest(collector.http));
    const small = () => collector.send('traces', traces([{}]));
    const answers = new Set<number>();
    do answers.add(await small());
    while (!answers.has(503));
    expect([...answers].filter((status) => status !== 200)).toEqual([503]);
    expect(await collector.scrape(collector.selfMetrics)).toMatch(/^otelcol_receiver_refused_spans_total\{.*\} [1-9]/m);

    for (const { destroy } of unfinished) destroy();
    const spanId = newSpanId();
    while ((await collector.send('traces', traces([{ spanId }]))) !== 200);
    await sink.until(() => sink.spans().some((span) => span.spanId === spanId));
  });
});

/** Sends 15 MiB of a request without its end: the Collector keeps them in memory, at whatever speed it works. */
function holdRequest(url: string): { destroy: () => void } {
  const body = Buffer.alloc(15 * 1024 * 1024, ' ');
  const headers = { 'content-type': 'application/json', 'content-length': body.length + 1 };
  const sent = request(`${url}/v1/traces`, { method: 'POST', headers, agent: false });
  sent.on('error', () => undefined);
  sent.write(body);
  return { destroy: () => sent.destroy() };
}
