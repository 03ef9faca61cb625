/** What single panels say of pasts that tell them apart: asked of a real PostgreSQL, and of a real Prometheus. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upsertRagMetrics } from '../services/postgres/metrics/daily-metrics.ts';
import { addDays, type Day, dayOf, startOf } from '../services/rollup/day.ts';
import { type PeriodMetrics, verdict } from '../services/rollup/period-metrics.ts';
import { type Asker, grafanaReader } from '../test/dashboards/ask-postgres.ts';
import { panelValues, targetIn } from '../test/dashboards/page-numbers.ts';
import type { BoardJson } from '../test/dashboards/walk-board.ts';
import { testDatabase } from '../test/kit/database.ts';
import { insertDialogue, insertUser } from '../test/kit/fixtures.ts';
import { nothingMeasured } from '../test/kit/nothing-measured.ts';
import { noPrometheus, type PrometheusServer, runPrometheus } from '../test/kit/prometheus-server.ts';
import { noPromtool } from '../test/kit/rule-scenarios.ts';
import { allBoards, thisHouse } from './all-boards.ts';

const boards = allBoards(thisHouse()).map((board) => board as unknown as BoardJson);
const board = (title: string): BoardJson => {
  const found = boards.find((each) => each.title === title);
  if (found === undefined) throw new Error(title);
  return found;
};

describe('of rows', () => {
  const database = testDatabase();
  let reader: Asker;
  beforeAll(async () => {
    reader = await grafanaReader((await database).superuserUrl);
  });
  afterAll(() => reader?.end());

  async function rows(title: string, panel: string, days = 1): Promise<readonly object[]> {
    const to = new Date(Date.now() + 60_000);
    const shown = { from: new Date(+to - days * 86_400_000), to, step: 3_600, rate: 3_600 };
    const answer = await reader.ask(board(title), targetIn(board(title), panel), shown);
    if ('error' in answer) throw new Error(answer.error);
    return answer.rows;
  }
  const spend = async (yen: number) => {
    const db = await database;
    await insertDialogue(db, { user_id: await insertUser(db), token_cost_jpy: yen });
  };

  test('fewer than ten users stand each for itself in what they cost, and from ten on in tenths', async () => {
    const shares = () => rows('Cost', 'Share of the cost, by tenth of the users');
    expect(await shares()).toEqual([]);
    await spend(3);
    expect(await shares()).toEqual([{ whose: 'user 1 of 1', share: 1 }]);
    await spend(9);
    expect(await shares()).toEqual([
      { whose: 'user 1 of 2', share: 0.75 },
      { whose: 'user 2 of 2', share: 0.25 },
    ]);
    for (let more = 0; more < 18; more += 1) await spend(1);
    const tenths = await shares();
    expect(tenths).toHaveLength(10);
    expect(tenths.slice(0, 2)).toEqual([
      { whose: 'tenth 1', share: 0.4 },
      { whose: 'tenth 2', share: 2 / 30 },
    ]);
  });

  test('days of which nobody got an answer do not lower the users of a day, and kinds of sources are of those days', async () => {
    const db = await database;
    const client = await db.pool.connect();
    const today = dayOf(new Date());
    const day = (ago: number): Day => addDays(today, -ago);
    const put = (ago: number, more: Partial<PeriodMetrics>) => {
      const metrics = { ...nothingMeasured, ...more };
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
    expect(await rows('Business, by day', 'Users on a day, at the median', 20)).toEqual([{ users: 6 }]);
    expect(await rows('Business, by day', 'What answers rest on', 20)).toEqual([
      { kind: 'material', share: 0.6 },
      { kind: 'note', share: expect.closeTo(0.2) },
      { kind: 'web', share: expect.closeTo(0.2) },
    ]);
    const byDay = await rows('Business, by day', 'What answers rest on, by day', 20);
    const none = { note: null, material: null, document: null, web: null, other: null };
    expect(byDay.slice(-3)).toEqual([
      { time: startOf(day(3)), ...none },
      { time: startOf(day(2)), ...none, web: 1 },
      { time: startOf(day(1)), ...none, material: 0.75, note: 0.25 },
    ]);
  });
});

const skipped = noPrometheus ?? (noPromtool ? 'promtool is not installed' : null);
if (skipped !== null) console.warn(`Panels of metrics are not asked: ${skipped}`);

describe.skipIf(skipped !== null)('of metrics', () => {
  const origin = Date.parse('2026-03-04T00:00:00Z') / 1_000;
  const at = new Date((origin + 7_200) * 1_000);
  /** Every minute from one hour to another, the last minute included. */
  const samples = (series: string, value: number, from: number, to: number) =>
    Array.from({ length: (to - from) * 60 + 1 }, (_, nth) => `${series} ${value} ${origin + from * 3_600 + nth * 60}`);
  const alert = (name: string, alertname: string, extra = '') =>
    `${name}{alertname="${alertname}",severity="critical",service="rag-chat",slo="x"${extra}}`;
  const past = {
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
    const families = Object.entries(past).flatMap(([name, lines]) => [`# TYPE ${name} gauge`, ...lines]);
    prometheus = await runPrometheus({ openMetrics: `${families.join('\n')}\n# EOF\n` });
  });
  afterAll(() => prometheus?.stop());

  test('metrics with most series come with how many they have, and how many more than an hour ago', async () => {
    const told = async (refId: string) => {
      const panel = { title: 'Metrics with most series', refId, at };
      const values = await panelValues(prometheus.url, board('The watchers'), panel);
      return Object.fromEntries(values.map(({ labels, value }) => [labels.metric, value]));
    };
    expect(await told('A')).toEqual({ climbs: 5, stays: 3 });
    expect(await told('B')).toEqual({ climbs: 3, stays: 0 });
  });

  test('an alert leads to the board that tells why, and says since when it fires', async () => {
    const values = await panelValues(prometheus.url, board('RAG SLOs'), { title: 'Firing now', at });
    expect(Object.fromEntries(values.map(({ labels, value }) => [labels.alertname, [labels.board, value]]))).toEqual({
      RagCitationRate: ['rag-quality', (origin + 3_600) * 1_000],
      RagLatencyP95Budget: ['rag-requests', (origin + 3_600) * 1_000],
      RagSpend: ['rag-cost', (origin + 3_600) * 1_000],
    });
  });
});
