/** Telemetry that cannot start says why; telemetry whose collector is away does not hold the program up. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../kit/database.ts';
import { openOtlpSink } from './otlp-sink.ts';
import { failToStart, freePort, runSmallServer } from './run-small-server.ts';

const db = await testDatabase();
const deaf = createServer().listen(0, '127.0.0.1');
await once(deaf, 'listening');
const deafPort = String((deaf.address() as { port: number }).port);
afterAll(() => deaf.close());

test('a taken metrics port stops the start and names METRICS_PORT', async () => {
  const { code, stderr } = await failToStart({ METRICS_PORT: deafPort });
  expect(code).toBe(1);
  expect(stderr).toBe(
    `METRICS_PORT: port ${deafPort} is already in use on 127.0.0.1. Stop the program that listens there, or set METRICS_PORT to a free port.\n`,
  );
});

test('a setting of OpenTelemetry that would be ignored stops the start and is named', async () => {
  const { code, stderr } = await failToStart({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' });
  expect([code, stderr]).toEqual([
    1,
    'OTEL_EXPORTER_OTLP_ENDPOINT: is not an http(s) URL, such as http://127.0.0.1:4318\n',
  ]);
});

test('a collector that never answers costs the shutdown no more than its limit', async () => {
  const server = await runSmallServer(db.url, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${deafPort}` });
  await server.post('/ask/something', { query: 'anything' });
  const { code, shutdownMs, stderr } = await server.end();
  expect(code).toBe(0);
  expect(shutdownMs).toBeGreaterThanOrEqual(1400);
  expect(shutdownMs).toBeLessThan(2500);
  expect(stderr).toBe('telemetry: not sent within 1500 ms; the last seconds are lost\n');
});

test('a collector that is away is told on stderr, and questions are answered all the same', async () => {
  const away = `http://127.0.0.1:${await freePort()}`;
  const server = await runSmallServer(db.url, { OTEL_EXPORTER_OTLP_ENDPOINT: away });
  const { traceId } = await server.post('/ask/something', { query: 'anything himitsu_7f3a' });
  const { code, stderr } = await server.end();
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^(telemetry: .*\n)+$/);
  expect(stderr).not.toContain('himitsu');
});

test('OTLP is sent as protobuf unless another protocol is asked for, and holds no text either', async () => {
  const sink = await openOtlpSink();
  const server = await runSmallServer(db.url, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url });
  const { id = 'no id' } = await server.post('/ask/something', { query: 'what is himitsu_7f3a?' });
  await server.end();
  await sink.close();
  expect(sink.paths()).toEqual(['/v1/logs', '/v1/traces']);
  expect(sink.everything()).toContain(id);
  expect(sink.everything()).not.toContain('himitsu');
});
