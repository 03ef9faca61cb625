import { expect, test } from 'vitest';
import { otlpSettings } from './otlp-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

test('nothing is exported without an endpoint', () => {
  expect(otlpSettings({})).toEqual({ traces: null, logs: null });
  expect(otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).toEqual({ traces: null, logs: null });
  expect(otlpSettings({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual({ traces: null, logs: null });
});

test('one endpoint is for traces and logs; an endpoint or protocol of one signal is for that signal', () => {
  expect(otlpSettings(endpoint)).toEqual({ traces: 'http/protobuf', logs: 'http/protobuf' });
  expect(otlpSettings({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'https://logs/v1/logs' })).toEqual({
    traces: null,
    logs: 'http/protobuf',
  });
  expect(otlpSettings({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' })).toEqual({
    traces: 'grpc',
    logs: 'http/protobuf',
  });
});

test('a signal can be switched off', () => {
  expect(otlpSettings({ ...endpoint, OTEL_LOGS_EXPORTER: 'none' })).toEqual({ traces: 'http/protobuf', logs: null });
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: is not an http(s) URL'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'no url' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: is not an http(s) URL'],
  [
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/proto' },
    'OTEL_EXPORTER_OTLP_PROTOCOL: is http/proto; use one of',
  ],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER: is zipkin; use otlp or none'],
  [{ OTEL_LOGS_EXPORTER: 'otlp' }, 'OTEL_LOGS_EXPORTER: is otlp, but OTEL_EXPORTER_OTLP_ENDPOINT is not set'],
  [{ OTEL_METRICS_EXPORTER: 'otlp' }, 'OTEL_METRICS_EXPORTER: is otlp, but metrics are only served on METRICS_PORT'],
  [{ OTEL_SDK_DISABLED: 'TRUE' }, 'OTEL_SDK_DISABLED: is not supported'],
])('%j is refused by name instead of being ignored', (env, message) => {
  expect(() => otlpSettings(env)).toThrow(message);
});
