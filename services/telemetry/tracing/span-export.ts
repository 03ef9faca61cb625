/** Where spans go: scrubbed to a collector, or nowhere. */
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { OtlpProtocol } from './otlp-settings.ts';
import { type SpanExporter, scrubbing } from './scrub-spans.ts';

type Spans = Partial<Pick<NodeSDKConfiguration, 'traceExporter' | 'spanProcessors'>>;

/** @param protocol null: no collector is configured */
export async function spansTo(protocol: OtlpProtocol | null): Promise<Spans> {
  // With an empty list the SDK makes no spans; without one it reads the OTEL_EXPORTER_OTLP_ variables.
  return protocol === null ? { spanProcessors: [] } : { traceExporter: scrubbing(await exporterFor(protocol)) };
}

/** Address, headers, certificates and time limits: each exporter reads them from the OTEL_EXPORTER_OTLP_ variables. */
async function exporterFor(protocol: OtlpProtocol): Promise<SpanExporter> {
  switch (protocol) {
    case 'grpc':
      return new (await import('@opentelemetry/exporter-trace-otlp-grpc')).OTLPTraceExporter();
    case 'http/protobuf':
      return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter();
    case 'http/json':
      return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter();
  }
}
