/** Spans of another application over gRPC: the chat server records the turn, Tempo receives no text. */
import { SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, describe, expect, test } from 'vitest';
import { runIntake } from '../intake/rest-service.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { freePort } from '../kit/servers/free-port.ts';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { missing, runCollector } from './run-collector.ts';

describe.skipIf(missing !== null)('applications', async () => {
  if (missing !== null) return;
  const db = await testDatabase();
  const { chat, addService } = await runIntake(db, { INTAKE_QUIET_MS: '300' });
  const sink = await openOtlpSink();
  afterAll(() => sink.close());
  const port = String(await freePort());
  const collector = await runCollector(
    sink.url,
    { COLLECTOR_APPLICATIONS_PORT: port, INTAKE_ENDPOINT: chat.origin, INTAKE_KEY: await addService('shop') },
    ['collector/applications.yaml'],
  );

  test('a turn over gRPC is recorded with its text, and its spans reach Tempo without', async () => {
    const application = new NodeSDK({
      serviceName: 'shop-assistant',
      traceExporter: new OTLPTraceExporter({ url: `http://127.0.0.1:${port}` }),
      metricReaders: [],
      logRecordProcessors: [],
      autoDetectResources: false,
    });
    application.start();
    const tracer = trace.getTracer('shop');
    tracer.startActiveSpan(
      'answer',
      {
        attributes: {
          'openinference.span.kind': 'CHAIN',
          'input.value': 'When is himitsu?',
          'output.value': 'At noon.',
        },
      },
      (root) => {
        const attributes = {
          'openinference.span.kind': 'LLM',
          'llm.model_name': 'gpt-4o-mini',
          'llm.token_count.prompt': 90,
          'llm.token_count.completion': 7,
          'output.value': 'At noon.',
        };
        tracer.startSpan('model', { kind: SpanKind.CLIENT, attributes }).end();
        root.end();
      },
    );
    await application.shutdown();
    await expect
      .poll(() => db.query("select query, response, service from ai_dialogue_log where service = 'shop'"))
      .toEqual([{ query: 'When is himitsu?', response: 'At noon.', service: 'shop' }]);
    await sink.until(() => sink.spans().length >= 2);
    expect(
      sink
        .spans()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['answer', 'model']);
    expect(sink.everything()).not.toMatch(/himitsu|At noon/);
    expect(collector.written()).not.toMatch(/himitsu|At noon/);
  });
});
