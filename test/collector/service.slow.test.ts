/** The Collector forwards the chat service's own telemetry unchanged over both protocols. */
import { afterAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { runMinimalServer } from '../telemetry/run-minimal-server.ts';
import { collectorCommand, configFile, missing, runCollector } from './run-collector.ts';

describe.skipIf(missing !== null)('service', async () => {
  if (missing !== null) return;
  const db = await testDatabase();
  const sink = await openOtlpSink();
  afterAll(() => sink.close());
  const collector = await runCollector(sink.url);

  test.each([
    ['grpc', collector.grpc],
    ['http/protobuf', collector.http],
  ])(
    'the telemetry of a question over %s arrives with its span tree and log lines, and without text',
    async (protocol, url) => {
      const server = await runMinimalServer(db.url, {
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      });
      const asked = await server.post('/ask/something', { query: 'what does himitsu@example.com want?' });
      await server.post('/ask/something', { query: 'break 090-1234-5678' });
      await server.end();
      const spans = () => sink.spans().filter(({ traceId }) => traceId === asked.traceId);
      await sink.until(() => spans().length === 11);
      expect(spans().find(({ name }) => name === 'invoke_workflow rag')?.attributes).toEqual({
        'gen_ai.operation.name': 'invoke_workflow',
        'gen_ai.agent.name': 'rag',
        'gen_ai.conversation.id': asked.sessionId,
        'rag.dialogue.id': asked.id,
        'rag.outcome': 'answered',
        'rag.citations': '1',
        'rag.citations.valid': '1',
        'rag.cost.jpy': 0.37,
        'rag.relevance.score': 0.71,
      });
      await sink.until(() => sink.logs().join().includes(`"traceId":"${asked.traceId}"`));
      expect(sink.everything()).not.toMatch(/himitsu|090-1234|db\.query\.text/);
    },
  );

  test('the Collector accepts the configuration with and without environment variables', () => {
    expect(collectorCommand(['validate', '--config', configFile], { COLLECTOR_QUEUE_DIR: '/tmp' })).toEqual({
      status: 0,
      stderr: '',
    });
    const authorized = ['--config', 'collector/authorization.yaml'];
    const secrets = { COLLECTOR_QUEUE_DIR: '/tmp', TEMPO_AUTHORIZATION: 'Bearer a', LOKI_AUTHORIZATION: 'Basic Yg==' };
    expect(collectorCommand(['validate', '--config', configFile, ...authorized], secrets)).toEqual({
      status: 0,
      stderr: '',
    });
    const wrong = collectorCommand(['validate', '--config', configFile], { COLLECTOR_MEMORY_MIB: 'much' });
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('limit_mib')]);
  });
});
