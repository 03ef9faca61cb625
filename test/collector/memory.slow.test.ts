/** The Collector rejects data while memory is short, keeps running and accepts later data. */
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
    const numbers = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`n_${n}`, n]));
    const heavy = traces(Array.from({ length: 30 }, () => ({ attributes: numbers })));
    const answers = new Set<number>();
    let flooding = true;
    const flood = async () => {
      while (flooding) {
        const status = await collector.send('traces', heavy);
        answers.add(status);
        if (status === 503) flooding = false;
      }
    };
    await Promise.all(Array.from({ length: 24 }, flood));
    expect([...answers].filter((status) => status !== 200)).toEqual([503]);
    expect(await collector.scrape(collector.selfMetrics)).toMatch(/^otelcol_receiver_refused_spans_total\{.*\} [1-9]/m);

    const spanId = newSpanId();
    while ((await collector.send('traces', traces([{ spanId }]))) !== 200);
    await sink.until(() => sink.spans().some((span) => span.spanId === spanId));
  });
});
