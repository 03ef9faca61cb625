/** Startup errors of telemetry are reported; an unreachable Collector does not block the program. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { openOtlpSink } from './otlp-sink.ts';
import { failToStart, freePort, runMinimalServer } from './run-minimal-server.ts';

const db = await testDatabase();
const deaf = createServer().listen(0, '127.0.0.1');
await once(deaf, 'listening');
const deafPort = String((deaf.address() as { port: number }).port);
afterAll(() => deaf.close());

test('an occupied metrics port stops the start with an error that names METRICS_PORT', async () => {
  const { code, stderr } = await failToStart({ METRICS_PORT: deafPort });
  expect(code).toBe(1);
  expect(stderr).toBe(
    `METRICS_PORT: port ${deafPort} is already in use on 127.0.0.1. Stop the program that listens there, or set METRICS_PORT to a free port.\n`,
  );
});

test('an invalid OpenTelemetry setting stops the start with an error that names it', async () => {
  const { code, stderr } = await failToStart({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' });
  expect([code, stderr]).toEqual([
    1,
    'OTEL_EXPORTER_OTLP_ENDPOINT: is not an http(s) URL, such as http://127.0.0.1:4318\n',
  ]);
});

test('a Collector that never replies delays the shutdown no longer than the limit', { timeout: 120_000 }, async () => {
  const server = await runMinimalServer(db.url, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${deafPort}` });
  await server.post('/ask/something', { query: 'anything' });
  const { code, shutdownMs, stderr } = await server.end();
  expect(code).toBe(0);
  expect(shutdownMs).toBeGreaterThanOrEqual(1400);
  expect(shutdownMs).toBeLessThan(2500);
  expect(stderr).toBe('telemetry: flush timed out after 1500 ms; telemetry of the last seconds is lost\n');
});

test('an unreachable Collector is reported on stderr, and questions are answered', async () => {
  const unreachable = `http://127.0.0.1:${await freePort()}`;
  const server = await runMinimalServer(db.url, { OTEL_EXPORTER_OTLP_ENDPOINT: unreachable });
  const { traceId } = await server.post('/ask/something', { query: 'anything himitsu_7f3a' });
  const { code, stderr } = await server.end();
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^(telemetry: .*\n)+$/);
  expect(stderr).not.toContain('himitsu');
});

test('OTLP is sent as protobuf by default, and contains no text', async () => {
  const sink = await openOtlpSink();
  const server = await runMinimalServer(db.url, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url });
  const { id = 'no id' } = await server.post('/ask/something', { query: 'what is himitsu_7f3a?' });
  await server.end();
  await sink.close();
  expect(sink.paths()).toEqual(['/v1/logs', '/v1/traces']);
  expect(sink.everything()).toContain(id);
  expect(sink.everything()).not.toContain('himitsu');
});
