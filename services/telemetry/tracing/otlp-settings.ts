/** Reads from the standard OTEL_ variables whether traces and logs are exported, and rejects settings that would be ignored silently. */

export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

export type OtlpSettings = {
  /** The protocol of the span exporter; null: spans are not exported. */
  readonly traces: OtlpProtocol | null;
  readonly logs: OtlpProtocol | null;
};

export class OtlpSettingError extends Error {}

const protocols: readonly string[] = ['grpc', 'http/protobuf', 'http/json'] satisfies OtlpProtocol[];

/**
 * @param env variables by name; an empty value counts as absent
 * @throws {OtlpSettingError} that names the variable and says what to do
 */
export function otlpSettings(env: Readonly<Record<string, string | undefined>>): OtlpSettings {
  const setting = (name: string) => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  if (setting('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') {
    throw new OtlpSettingError('OTEL_SDK_DISABLED: is not supported, because the alerts need the metrics; remove it');
  }
  const metrics = setting('OTEL_METRICS_EXPORTER');
  if (metrics !== undefined && metrics !== 'prometheus') {
    throw new OtlpSettingError(
      `OTEL_METRICS_EXPORTER: is ${metrics}, but metrics are only served on METRICS_PORT, for Prometheus or a Collector to scrape; remove it`,
    );
  }
  return { traces: signal('TRACES'), logs: signal('LOGS') };

  function signal(name: 'TRACES' | 'LOGS'): OtlpProtocol | null {
    const endpoint = first(`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT');
    const protocol = first(`OTEL_EXPORTER_OTLP_${name}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL');
    const exporter = setting(`OTEL_${name}_EXPORTER`);
    if (exporter !== undefined && exporter !== 'otlp' && exporter !== 'none') {
      throw new OtlpSettingError(`OTEL_${name}_EXPORTER: is ${exporter}; use otlp or none`);
    }
    if (protocol !== null && !protocols.includes(protocol.value)) {
      throw new OtlpSettingError(`${protocol.name}: is ${protocol.value}; use one of ${protocols.join(', ')}`);
    }
    if (endpoint !== null && !/^https?:$/.test(URL.parse(endpoint.value)?.protocol ?? '')) {
      throw new OtlpSettingError(`${endpoint.name}: is not an http(s) URL, such as http://127.0.0.1:4318`);
    }
    if (exporter === 'otlp' && endpoint === null) {
      throw new OtlpSettingError(`OTEL_${name}_EXPORTER: is otlp, but OTEL_EXPORTER_OTLP_ENDPOINT is not set`);
    }
    if (exporter === 'none' || endpoint === null) return null;
    return (protocol?.value ?? 'http/protobuf') as OtlpProtocol;
  }

  function first(...names: readonly string[]): { name: string; value: string } | null {
    for (const name of names) {
      const value = setting(name);
      if (value !== undefined) return { name, value };
    }
    return null;
  }
}
