/** Annotations, queried from a real Prometheus and a real PostgreSQL: they appear exactly when an event happened. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eraseUser } from '../services/postgres/erasure/erase-user.ts';
import { type AnnotationJson, type DashboardJson, sqlIn } from '../test/dashboards/dashboard-json.ts';
import { expandPromql } from '../test/dashboards/expand-query.ts';
import { connectAsGrafana } from '../test/dashboards/query-postgres.ts';
import { insertUser } from '../test/kit/database/fixtures.ts';
import { testDatabase } from '../test/kit/database/test-database.ts';
import { noPromtool } from '../test/kit/rules/rule-scenarios.ts';
import { noPrometheus, type PrometheusServer, runPrometheus } from '../test/kit/servers/prometheus-server.ts';
import { allDashboards } from './all-dashboards.ts';
import { defaultContext } from './context.ts';

const skipped = noPrometheus ?? (noPromtool ? 'promtool is not installed' : null);
if (skipped !== null) console.warn(`Prometheus annotations are skipped: ${skipped}`);

const dashboards = allDashboards(defaultContext()).map((dashboard) => dashboard as unknown as DashboardJson);
const [dashboard = {} as DashboardJson] = dashboards;
const named = (name: string): AnnotationJson => {
  const found = dashboard.annotations?.list?.find((each) => each.name === name);
  if (found === undefined) throw new Error(`unknown annotation: ${name}`);
  return found;
};

test('all dashboards have the same annotations', () => {
  for (const each of dashboards) expect(each.annotations?.list, each.title).toEqual(dashboard.annotations?.list);
  expect(dashboard.annotations?.list?.map(({ name }) => name)).toEqual([
    'Alerts',
    'Game days',
    'Deployments',
    'Prices',
    'Plugins',
    'Erasures',
  ]);
});

const origin = Date.parse('2026-03-04T00:00:00Z') / 1_000;
const everyS = 15;

/** Samples between two minutes, without the last one. */
function samples(series: string, value: number, from: number, to: number): readonly string[] {
  const times = Array.from({ length: ((to - from) * 60) / everyS }, (_, nth) => from * 60 + nth * everyS);
  return times.map((time) => `${series} ${value} ${origin + time}`);
}

const version = (number: string, instance: string) => `rag_build_info{version="${number}",instance="${instance}"}`;
const asOf = (file: string) => `rag_prices_as_of_timestamp_seconds{file="${file}"}`;
const firing = (name: string, severity: string, state = 'firing') =>
  `ALERTS{alertname="${name}",severity="${severity}",alertstate="${state}"}`;

// Three hours. All programs are down in minutes 95 to 107 and 150 to 162.
const history = {
  rag_build_info: [
    ...samples(version('1.0.7', 'a'), 1, 0, 60),
    ...samples(version('1.0.7', 'b'), 1, 0, 62),
    ...samples(version('1.1.3', 'a'), 1, 60, 95),
    ...samples(version('1.1.3', 'b'), 1, 62, 95),
    ...samples(version('1.1.3', 'a'), 1, 107, 130),
    ...samples(version('1.0.7', 'a'), 1, 130, 150),
    ...samples(version('1.2.9', 'a'), 1, 162, 180),
  ],
  rag_prices_as_of_timestamp_seconds: [
    ...samples(asOf('price book'), 1_700_000_000, 0, 95),
    ...samples(asOf('price book'), 1_700_000_000, 107, 141),
    ...samples(asOf('price book'), 1_699_000_000, 141, 150),
    ...samples(asOf('price book'), 1_701_000_000, 162, 180),
    ...samples(asOf('exchange rates'), 1_702_000_000, 0, 40),
    ...samples(asOf('exchange rates'), 1_703_000_000, 40, 95),
    ...samples(asOf('exchange rates'), 1_703_000_000, 107, 150),
    ...samples(asOf('exchange rates'), 1_703_000_000, 162, 180),
  ],
  rag_gameday_incident: [
    ...samples('rag_gameday_incident{incident="errors"}', 0, 0, 21),
    ...samples('rag_gameday_incident{incident="errors"}', 1, 21, 23),
    ...samples('rag_gameday_incident{incident="errors"}', 0, 23, 180),
    ...samples('rag_gameday_incident{incident="slow-model"}', 0, 0, 180),
  ],
  ALERTS: [
    ...samples(firing('RagErrorRate', 'critical', 'pending'), 1, 21, 23),
    ...samples(firing('RagErrorRate', 'critical'), 1, 23, 31),
    ...samples(firing('RagWatchdog', 'none'), 1, 0, 180),
  ],
};

describe.skipIf(skipped !== null)('Prometheus annotations', () => {
  let prometheus: PrometheusServer;
  beforeAll(async () => {
    const families = Object.entries(history).flatMap(([name, lines]) => [
      `# TYPE ${name} gauge`,
      // promtool requires the samples of a series to be contiguous.
      ...lines.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : 0)),
    ]);
    prometheus = await runPrometheus({ openMetrics: `${families.join('\n')}\n# EOF\n` });
  });
  afterAll(() => prometheus?.stop());

  /** As Grafana: an annotation lasts from the first value of at least 1 to the last one without a gap. */
  async function annotationsOf(name: string, step: number): Promise<readonly string[]> {
    const { expr = '', ...rest } = named(name);
    const from = new Date((origin + 900) * 1_000);
    const to = new Date((origin + 10_800) * 1_000);
    const query = expandPromql(expr, { from, to, step, rate: 60 }, dashboard.templating?.list ?? []);
    const parameters = { query, start: String(+from / 1_000), end: String(+to / 1_000), step: String(step) };
    const reply = await fetch(`${prometheus.url}/api/v1/query_range`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const response = (await reply.json()) as {
      error?: string;
      data?: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    };
    if (response.data === undefined) throw new Error(response.error);
    const { textFormat = '' } = rest as { textFormat?: string };
    return response.data.result
      .flatMap(({ metric, values }) => {
        const text = textFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '');
        const regions: [number, number][] = [];
        for (const [time] of values.filter(([, value]) => Number(value) >= 1)) {
          const last = regions.at(-1);
          if (last !== undefined && time <= last[1] + step) last[1] = time;
          else regions.push([time, time]);
        }
        return regions.map(([start, end]) => ({
          start,
          text: `${text}: ${(start - origin) / 60}–${(end - origin) / 60}`,
        }));
      })
      .toSorted((one, other) => one.start - other.start)
      .map(({ text }) => text);
  }

  test('a new or restored version is annotated once, a restart is not', async () => {
    expect(await annotationsOf('Deployments', 60)).toEqual([
      'version 1.1.3: 60–60',
      'version 1.0.7: 130–130',
      'version 1.2.9: 162–162',
    ]);
    expect(await annotationsOf('Deployments', 300)).toEqual([
      'version 1.1.3: 60–60',
      'version 1.0.7: 130–130',
      'version 1.2.9: 165–165',
    ]);
  });

  test('a change of a price file is annotated, also to an older one, and a restart is not', async () => {
    expect(await annotationsOf('Prices', 60)).toEqual([
      'exchange rates changed: 40–40',
      'price book changed: 141–141',
      'price book changed: 162–162',
    ]);
    expect(await annotationsOf('Prices', 300)).toEqual([
      'exchange rates changed: 40–40',
      'price book changed: 145–145',
      'price book changed: 165–165',
    ]);
  });

  test('a game day is annotated from injection to recovery, even if it is shorter than a step', async () => {
    expect(await annotationsOf('Game days', 60)).toEqual(['game day: errors: 21–23']);
    expect(await annotationsOf('Game days', 900)).toEqual(['game day: errors: 30–30']);
  });

  test('an alert is annotated while it fires, not while it is pending; the watchdog is not annotated', async () => {
    expect(await annotationsOf('Alerts', 60)).toEqual(['RagErrorRate critical: 23–31']);
  });
});

describe('PostgreSQL annotations', async () => {
  const db = await testDatabase();

  async function rowsOf(name: string): Promise<readonly string[]> {
    const reader = await connectAsGrafana(db.superuserUrl);
    try {
      const found = sqlIn(dashboard).find(({ where }) => where === `annotation ${name}`);
      if (found === undefined) throw new Error(name);
      const to = new Date(Date.now() + 60_000);
      const shown = { from: new Date(+to - 600_000), to, step: 60, rate: 60 };
      const answer = await reader.query(dashboard, found.target, shown);
      if ('error' in answer) throw new Error(answer.error);
      return answer.rows.map((row) => String((row as { text: string }).text));
    } finally {
      await reader.end();
    }
  }

  test('disabling a source is annotated, a health check is not', async () => {
    await db.query(`update plugin_registry_audit set at = now() - interval '1 day'`);
    await db.query(`update plugin_registry set health_status = 'healthy', last_health_check = now()`);
    expect(await rowsOf('Plugins')).toEqual([]);
    await db.query(`update plugin_registry set enabled = false where source = 'local'`);
    expect(await rowsOf('Plugins')).toEqual(['local disabled']);
    await db.query(`update plugin_registry set enabled = true where source = 'local'`);
    expect(await rowsOf('Plugins')).toEqual(['local disabled', 'local enabled']);
  });

  test('the erasure annotation shows the number of erasures and nothing else', async () => {
    expect(await rowsOf('Erasures')).toEqual([]);
    const at = new Date();
    for (const userId of [await insertUser(db), await insertUser(db), await insertUser(db)]) {
      await eraseUser(db.pool, { userId, account: true, now: () => at });
    }
    expect(await rowsOf('Erasures')).toEqual(['3 erasures']);
  });
});

function nameOf(line: string): string {
  return line.slice(0, line.indexOf('} '));
}
