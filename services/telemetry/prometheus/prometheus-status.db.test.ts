import { afterAll, describe, expect, test } from 'vitest';
import { noPrometheus, type PrometheusServer, runPrometheus } from '../../../test/kit/servers/prometheus-server.ts';
import type { OwnLabels } from './own-series.ts';
import { readPrometheusStatus } from './prometheus-status.ts';
import { createQueryPrometheus } from './query-prometheus.ts';

if (noPrometheus !== null) console.warn(noPrometheus);

const hour = 3_600;
const now = 1_773_000_000;

/** A sample every five minutes from the one to the other hour ago, as rules write them. */
function series(name: string, value: number, from: number, to = 0): string {
  const lines: string[] = [];
  for (let at = now - from * hour; at <= now - to * hour; at += 300) lines.push(`${name} ${value} ${at}`);
  return lines.join('\n');
}

const late = 'alertname="RagLatencyP95",severity="warning",slo="latency_p95",service="rag-chat"';
const down = 'alertname="RagDatabaseDown",severity="critical",slo="database",service="postgres"';
const samples = [
  series('slo:error_budget:remaining_ratio{slo="error_rate"}', -0.31, 1),
  series('slo:error_budget:remaining_ratio{slo="citation_rate"}', 0.77, 1),
  series('slo:burn_rate:1h{slo="citation_rate"}', 0, 1),
  series('slo:burn_rate:6h{slo="citation_rate"}', 0.53, 1),
  series('slo:error_budget:exhausted_in_seconds{slo="citation_rate"}', 3_700_003, 1),
  series(`ALERTS{alertstate="firing",${late}}`, 1, 2),
  series(`ALERTS_FOR_STATE{${late}}`, now - 2 * hour - 37, 2),
  series(`ALERTS{alertstate="firing",${late}}`, 1, 51, 49),
  series(`ALERTS{alertstate="firing",${down}}`, 1, 31, 30),
  series('ALERTS{alertstate="pending",alertname="RagSpend",severity="warning",slo="spend"}', 1, 1),
  series('ALERTS{alertstate="firing",alertname="Info",severity="info"}', 1, 1),
];
const instant = (secondsAgo: number) => new Date((now - secondsAgo) * 1_000).toISOString();

describe.skipIf(noPrometheus !== null)('what is read from Prometheus', () => {
  const running: PrometheusServer[] = [];
  afterAll(() => Promise.all(running.map((server) => server.stop())));
  const read = async (lines: readonly string[], own: OwnLabels = {}) => {
    const groups = lines.flatMap((text) => text.split('\n')).toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
    const server = await runPrometheus({ openMetrics: `${groups.join('\n')}\n# EOF\n` });
    running.push(server);
    const query = createQueryPrometheus(server.url, new AbortController().signal);
    return readPrometheusStatus(query, new Date(now * 1_000), own);
  };
  const nameOf = (line: string) => line.slice(0, line.indexOf('}') + 1);

  test('is the worst budget of several services, and only of the own deployment', async () => {
    const remaining = (labels: string, value: number) =>
      series(`slo:error_budget:remaining_ratio{slo="error_rate",${labels}}`, value, 1);
    const firing = 'alertname="RagErrorRate",severity="critical",slo="error_rate",service="rag-chat"';
    const status = await read(
      [
        remaining('service="rag-chat",env="production"', 0.63),
        remaining('service="tutor",env="production"', 0.41),
        remaining('service="rag-chat",env="staging"', -2.7),
        series(`ALERTS{alertstate="firing",${firing},env="staging"}`, 1, 1),
        series(`ALERTS_FOR_STATE{${firing},env="staging"}`, now - hour, 1),
      ],
      { env: 'production' },
    );
    expect(status.budgets?.find(({ key }) => key === 'errorRate')).toMatchObject({ remaining: 0.41 });
    expect([status.firing, status.ended]).toEqual([[], []]);
  });

  test('is each budget with its burn rates, zero and missing told apart, what fires since when, and what has ended', async () => {
    const told = await read([
      ...samples,
      series('ALERTS{alertstate="firing",alertname="RagWatchdog",severity="none"}', 1, 1),
    ]);
    const budget = (key: string) => told.budgets?.find((each) => each.key === key);
    expect(budget('errorRate')).toEqual({
      key: 'errorRate',
      budget: 0.001,
      remaining: -0.31,
      burnRates: [
        { window: '1h', rate: null },
        { window: '6h', rate: null },
      ],
      exhaustedInSeconds: null,
    });
    expect(budget('citationRate')).toMatchObject({
      remaining: 0.77,
      burnRates: [
        { window: '1h', rate: 0 },
        { window: '6h', rate: 0.53 },
      ],
      exhaustedInSeconds: 3_700_003,
    });
    expect(budget('relevance')).toMatchObject({ budget: null, remaining: null, burnRates: [] });
    expect([told.asOf, told.rulesRun]).toEqual([instant(0), true]);
    const about = { slo: 'latency_p95', service: 'rag-chat' };
    expect(told.firing).toEqual([
      { name: 'RagLatencyP95', severity: 'warning', ...about, since: instant(2 * hour + 37), until: null },
    ]);
    expect(told.ended).toEqual([
      {
        name: 'RagDatabaseDown',
        severity: 'critical',
        slo: 'database',
        service: 'postgres',
        since: instant(31 * hour + 300),
        until: instant(30 * hour),
      },
      {
        name: 'RagLatencyP95',
        severity: 'warning',
        ...about,
        since: instant(51 * hour + 300),
        until: instant(49 * hour),
      },
    ]);
  });

  test('is no budget where rules record none, and that nothing keeps watch', async () => {
    expect(await read([series('up{job="rag-chat"}', 1, 1)])).toMatchObject({
      rulesRun: false,
      budgets: null,
      firing: [],
      ended: [],
    });
  });
});
