/** Acknowledged data arrives despite crashes of the Collector and outages of its backends. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { tcpProxy } from '../kit/servers/tcp-proxy.ts';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { logs, newSpanId, traces } from './otlp.ts';
import { missing, runCollector } from './run-collector.ts';

/** The Collector removes numbers that may be those of cards or phones, and some ids consist of digits. */
const inLetters = (id: string) => id.replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));

describe.skipIf(missing !== null)('queue', async () => {
  if (missing !== null) return;
  const sink = await openOtlpSink();
  const network = await tcpProxy({ host: '127.0.0.1', port: Number(new URL(sink.url).port) });
  afterAll(async () => {
    await network.close();
    await sink.close();
  });
  const collector = await runCollector(`http://127.0.0.1:${network.port}`);

  test('with Tempo and Loki unavailable and the Collector killed twice, every acknowledged span and line arrives', async () => {
    network.cut();
    const ids: string[] = [];
    const send = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        const spans = Array.from({ length: 23 }, () => ({ spanId: newSpanId() }));
        const records = spans.map(({ spanId }) => ({ body: 'line', attributes: { marked: inLetters(spanId) } }));
        expect(await collector.send('traces', traces(spans))).toBe(200);
        expect(await collector.send('logs', logs(records))).toBe(200);
        ids.push(...spans.map(({ spanId }) => spanId));
      }
    };
    await send(31);
    await collector.kill();
    await collector.start();
    await send(7);
    await collector.kill();
    network.restore();
    await collector.start();
    const spans = () => new Set(sink.spans().map(({ spanId }) => spanId));
    const lines = () => new Set(sink.logs().flatMap((body) => body.match(/(?<="stringValue":")[a-p]{16}/g) ?? []));
    await sink.until(() => spans().size >= ids.length && lines().size >= ids.length);
    expect([spans(), lines()]).toEqual([new Set(ids), new Set(ids.map(inLetters))]);
  });

  test('queued data at a clean stop arrives once after the next start', async () => {
    const sent = Array.from({ length: 57 }, () => ({ spanId: newSpanId() }));
    network.cut();
    expect(await collector.send('traces', traces(sent))).toBe(200);
    expect(await collector.stop()).toBe(0);
    network.restore();
    await collector.start();
    const arrived = () => sink.spans().filter(({ spanId }) => sent.some((each) => each.spanId === spanId));
    await sink.until(() => arrived().length >= sent.length);
    expect(arrived().length).toBe(sent.length);
  });
});

describe.skipIf(missing !== null)('an hour without Tempo, at a hundredth of the scale', async () => {
  if (missing !== null) return;
  const sink = await openOtlpSink();
  const network = await tcpProxy({ host: '127.0.0.1', port: Number(new URL(sink.url).port) });
  afterAll(async () => {
    await network.close();
    await sink.close();
  });
  // A hundredth of the queue, and of the hour: 36 seconds of 10 answers of 13 spans.
  const capacity = 468_000 / 100;
  const collector = await runCollector(`http://127.0.0.1:${network.port}`, {
    COLLECTOR_QUEUED_SPANS: String(capacity),
  });

  test('the queue holds the configured spans within the documented size, and all arrive after a kill', async () => {
    network.cut();
    const ids: string[] = [];
    const second = () =>
      Array.from({ length: 130 }, () => ({
        spanId: newSpanId(),
        attributes: Object.fromEntries(
          Array.from({ length: 10 }, (_, n) => [`rag.attribute.${n}`, `value ${n} of it`]),
        ),
      }));
    for (let seconds = 0; seconds < 36; seconds += 1) {
      const spans = second();
      expect(await collector.send('traces', traces(spans)), `second ${seconds}`).toBe(200);
      ids.push(...spans.map(({ spanId }) => spanId));
    }
    expect(await collector.send('traces', traces(second()))).toBe(503);
    const kept = readdirSync(collector.queueFolder).reduce(
      (bytes, file) => bytes + statSync(join(collector.queueFolder, file)).size,
      0,
    );
    // docs/collector.md states 400 MB for the whole queue.
    expect(kept / capacity).toBeLessThan(1_000);
    console.log(`${(kept / capacity).toFixed(0)} bytes per span on disk`);
    await collector.kill();
    network.restore();
    await collector.start();
    const arrived = () => new Set(sink.spans().map(({ spanId }) => spanId));
    await sink.until(() => arrived().size >= ids.length);
    expect(arrived()).toEqual(new Set(ids));
  });
});

describe.skipIf(missing !== null)('a full queue', async () => {
  if (missing !== null) return;
  const unreachable = await openOtlpSink();
  await unreachable.close();
  const collector = await runCollector(unreachable.url, { COLLECTOR_QUEUED_SPANS: '100' });

  test('is rejected with a retryable status and counted', async () => {
    const some = () => traces(Array.from({ length: 40 }, () => ({})));
    expect([await collector.send('traces', some()), await collector.send('traces', some())]).toEqual([200, 200]);
    expect(await collector.send('traces', some())).toBe(503);
    expect(await collector.scrape(collector.selfMetrics)).toMatch(
      /^otelcol_exporter_enqueue_failed_spans_total\{[^}]*exporter="otlp_http\/tempo"[^}]*\} 40$/m,
    );
  });
});
