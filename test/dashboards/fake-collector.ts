/** A fake Collector, because the real one takes minutes to build: exports the metrics of the catalogue with exemplars. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectorOwnMetrics, spanMetrics } from '../../services/catalogue/collector-metrics.ts';
import type { Metric } from '../../services/catalogue/metric.ts';

export type FakeCollector = { readonly origin: string; readonly close: () => Promise<void> };

const labelValues: Readonly<Record<string, string>> = {
  span_name: 'invoke_workflow rag',
  span_kind: 'SPAN_KIND_INTERNAL',
  status_code: 'STATUS_CODE_UNSET',
  gen_ai_operation_name: 'invoke_workflow',
  rag_outcome: 'answered',
  exporter: 'otlphttp/tempo',
  receiver: 'otlp',
  transport: 'http',
  data_type: 'traces',
};

/** Also accepts the webhooks of Alertmanager. */
export async function startFakeCollector(): Promise<FakeCollector> {
  let scrapes = 0;
  const server = createServer((incoming, response) => {
    incoming.resume();
    if (incoming.url !== '/metrics') return void response.end();
    scrapes += 1;
    response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    const all: readonly Metric[] = Object.values({ ...collectorOwnMetrics, ...spanMetrics });
    response.end(`${all.flatMap((metric) => family(metric, scrapes)).join('\n')}\n# EOF\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function family({ name, kind, labels, bounds = [] }: Metric, scrapes: number): readonly string[] {
  const pairs = Object.keys(labels).map((label) => `${label}="${labelValues[label] ?? 'x'}"`);
  const series = (suffix: string, more: readonly string[] = []) => `${name}${suffix}{${[...pairs, ...more].join(',')}}`;
  const type = `# TYPE ${name.replace(/_total$/, '')} ${kind}`;
  if (kind !== 'histogram') return [type, `${series('')} ${kind === 'counter' ? scrapes * 7 : 37}`];
  const trace = `# {trace_id="0123456789abcdef0123456789abcdef"} 0.31 ${(Date.now() / 1_000).toFixed(3)}`;
  return [
    type,
    ...bounds.map((bound) =>
      `${series('_bucket', [`le="${bound}"`])} ${bound < 0.5 ? 0 : scrapes * 3} ${bound === 0.5 ? trace : ''}`.trim(),
    ),
    `${series('_bucket', ['le="+Inf"'])} ${scrapes * 3}`,
    `${series('_count')} ${scrapes * 3}`,
    `${series('_sum')} ${scrapes * 0.93}`,
  ];
}
