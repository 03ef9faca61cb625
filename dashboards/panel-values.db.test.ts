/** Values of single panels, queried from a real PostgreSQL and a real Prometheus. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upsertRagMetrics } from '../services/postgres/metrics/daily-metrics.ts';
import { addDays, type Day, dayOf, startOf } from '../services/rollup/day.ts';
import { type PeriodMetrics, verdict } from '../services/rollup/period-metrics.ts';
import type { DashboardJson } from '../test/dashboards/dashboard-json.ts';
import { panelValues, targetIn } from '../test/dashboards/metrics-page.ts';
import { connectAsGrafana, type GrafanaConnection } from '../test/dashboards/query-postgres.ts';
import { emptyMetrics } from '../test/kit/data/empty-metrics.ts';
import { insertDialogue, insertUser } from '../test/kit/database/fixtures.ts';
import { testDatabase } from '../test/kit/database/test-database.ts';
import { noPromtool } from '../test/kit/rules/rule-scenarios.ts';
import { noPrometheus, type PrometheusServer, runPrometheus } from '../test/kit/servers/prometheus-server.ts';
import { allDashboards } from './all-dashboards.ts';
import { defaultContext } from './context.ts';

const dashboards = allDashboards(defaultContext()).map((dashboard) => dashboard as unknown as DashboardJson);
const dashboard = (title: string): DashboardJson => {
  const found = dashboards.find((each) => each.title === title);
  if (found === undefined) throw new Error(title);
  return found;
};

describe('PostgreSQL panels', () => {
  const database = testDatabase();
  let reader: GrafanaConnection;
  beforeAll(async () => {
    reader = await connectAsGrafana((await database).superuserUrl);
  });
  afterAll(() => reader?.end());

  async function queryPanel(title: string, panel: string, days = 1): Promise<readonly object[]> {
    const to = new Date(Date.now() + 60_000);
    const shown = { from: new Date(+to - days * 86_400_000), to, step: 3_600, rate: 3_600 };
    const answer = await reader.query(dashboard(title), targetIn(dashboard(title), panel), shown);
    if ('error' in answer) throw new Error(answer.error);
    return answer.rows;
  }
  const spend = async (yen: number) => {
    const db = await database;
    await insertDialogue(db, { user_id: await insertUser(db), token_cost_jpy: yen });
  };

  test('the cost share shows fewer than ten users individually, and deciles from ten users on', async () => {
    const shares = () => queryPanel('Cost', 'Cost share by user decile');
    expect(await shares()).toEqual([]);
    await spend(3);
    expect(await shares()).toEqual([{ users: 'user 1 of 1', share: 1 }]);
    await spend(9);
    expect(await shares()).toEqual([
      { users: 'user 1 of 2', share: 0.75 },
      { users: 'user 2 of 2', share: 0.25 },
    ]);
    for (let more = 0; more < 18; more += 1) await spend(1);
    const deciles = await shares();
    expect(deciles).toHaveLength(10);
    expect(deciles.slice(0, 2)).toEqual([
      { users: 'decile 1', share: 0.4 },
      { users: 'decile 2', share: 2 / 30 },
    ]);
  });

  test('days without answers do not lower the median of daily users, and source types are those of the days shown', async () => {
    const db = await database;
    const client = await db.pool.connect();
    const today = dayOf(new Date());
    const day = (ago: number): Day => addDays(today, -ago);
    const put = (ago: number, more: Partial<PeriodMetrics>) => {
      const metrics = { ...emptyMetrics, ...more };
      return upsertRagMetrics(client, day(ago), metrics, verdict(metrics));
    };
    try {
      await put(1, { totalQueries: 31, uniqueUsers: 7, citationCount: 8, citationsByType: { material: 6, note: 2 } });
      await put(2, { totalQueries: 13, uniqueUsers: 5, citationCount: 2, citationsByType: { web: 2 } });
      for (const ago of [3, 4, 5, 6, 7]) await put(ago, { failedQueries: ago });
    } finally {
      client.release();
    }
    await db.query('update rag_metrics_history set citations_by_type = null where date = $1', [day(7)]);
    expect(await queryPanel('Daily business metrics', 'Median daily users', 20)).toEqual([{ users: 6 }]);
    expect(await queryPanel('Daily business metrics', 'Citations by source type', 20)).toEqual([
      { type: 'material', share: 0.6 },
      { type: 'note', share: expect.closeTo(0.2) },
      { type: 'web', share: expect.closeTo(0.2) },
    ]);
    const byDay = await queryPanel('Daily business metrics', 'Citations by source type and day', 20);
    const none = { note: null, material: null, document: null, web: null, other: null };
    expect(byDay.slice(-3)).toEqual([
      { time: startOf(day(3)), ...none },
      { time: startOf(day(2)), ...none, web: 1 },
      { time: startOf(day(1)), ...none, material: 0.75, note: 0.25 },
    ]);
  });
});

const skipped = noPrometheus ?? (noPromtool ? 'promtool is not installed' : null);
if (skipped !== null) console.warn(`Prometheus panels are skipped: ${skipped}`);

describe.skipIf(skipped !== null)('Prometheus panels', () => {
  const origin = Date.parse('2026-03-04T00:00:00Z') / 1_000;
  const at = new Date((origin + 7_200) * 1_000);
  /** One sample per minute between two hours, both included. */
  const samples = (series: string, value: number, from: number, to: number) =>
    Array.from({ length: (to - from) * 60 + 1 }, (_, nth) => `${series} ${value} ${origin + from * 3_600 + nth * 60}`);
  const alert = (name: string, alertname: string, extra = '') =>
    `${name}{alertname="${alertname}",severity="critical",service="rag-chat",slo="x"${extra}}`;
  const history = {
    climbs: [0, 1, 2, 3, 4].flatMap((id) => samples(`climbs{job="rag-chat",id="${id}"}`, 7, id < 2 ? 0 : 1.5, 2)),
    stays: [0, 1, 2].flatMap((id) => samples(`stays{job="rag-worker",id="${id}"}`, 9, 0, 2)),
    ALERTS: ['RagCitationRate', 'RagLatencyP95Budget', 'RagSpend'].flatMap((name) =>
      samples(alert('ALERTS', name, ',alertstate="firing"'), 1, 1, 2),
    ),
    ALERTS_FOR_STATE: ['RagCitationRate', 'RagLatencyP95Budget', 'RagSpend'].flatMap((name) =>
      samples(alert('ALERTS_FOR_STATE', name), origin + 3_600, 1, 2),
    ),
  };
  let prometheus: PrometheusServer;
  beforeAll(async () => {
    const families = Object.entries(history).flatMap(([name, lines]) => [`# TYPE ${name} gauge`, ...lines]);
    prometheus = await runPrometheus({ openMetrics: `${families.join('\n')}\n# EOF\n` });
  });
  afterAll(() => prometheus?.stop());

  test('the metrics with the most series have their series count and its growth within an hour', async () => {
    const seriesCounts = async (refId: string) => {
      const panel = { title: 'Metrics with the most series', refId, at };
      const values = await panelValues(prometheus.url, dashboard('Monitoring health'), panel);
      return Object.fromEntries(values.map(({ labels, value }) => [labels.metric, value]));
    };
    expect(await seriesCounts('A')).toEqual({ climbs: 5, stays: 3 });
    expect(await seriesCounts('B')).toEqual({ climbs: 3, stays: 0 });
  });

  test('a firing alert has the dashboard of its cause and the time since when it fires', async () => {
    const values = await panelValues(prometheus.url, dashboard('RAG SLOs'), { title: 'Firing alerts', at });
    expect(
      Object.fromEntries(values.map(({ labels, value }) => [labels.alertname, [labels.dashboard, value]])),
    ).toEqual({
      RagCitationRate: ['rag-quality', (origin + 3_600) * 1_000],
      RagLatencyP95Budget: ['rag-requests', (origin + 3_600) * 1_000],
      RagSpend: ['rag-cost', (origin + 3_600) * 1_000],
    });
  });
});
