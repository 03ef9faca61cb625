/** Every query of every dashboard, run on a stack with traffic, on one without traffic, and on an empty database. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allDashboards } from '../../dashboards/all-dashboards.ts';
import { defaultContext } from '../../dashboards/context.ts';
import { addDays, dayOf, startOf } from '../../services/rollup/day.ts';
import { dailyObjectives } from '../../services/rollup/day-value.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { createDatabase, testDatabase } from '../kit/database/test-database.ts';
import { type DashboardJson, spanOf, sqlIn, targetsOf } from './dashboard-json.ts';
import type { TimeRange } from './expand-query.ts';
import { expectedEmpty } from './expected-empty.ts';
import { findFaults } from './find-faults.ts';
import { type Budget, get, panelValues, readMetricsPage, targetIn } from './metrics-page.ts';
import { mutations } from './mutations.ts';
import { connectAsGrafana, type GrafanaConnection, isEmpty } from './query-postgres.ts';
import { queryExemplars, queryTarget } from './query-prometheus.ts';
import { missingTools, type RunningStack, runStack } from './running-stack.ts';

if (missingTools !== null) console.warn(`Dashboard queries are skipped: ${missingTools}`);

const dashboards = allDashboards(defaultContext()).map((dashboard) => dashboard as unknown as DashboardJson);
const named = dashboards.map((dashboard) => [dashboard.title, dashboard] as const);
const promqlOf = (dashboard: DashboardJson) => targetsOf(dashboard).filter(({ target }) => target.expr !== undefined);
const isExpectedEmpty = (dashboard: DashboardJson, where: string) =>
  expectedEmpty[dashboard.uid]?.some(({ what }) => where.startsWith(what));

describe.skipIf(missingTools !== null)('dashboard queries', () => {
  let stack: RunningStack;
  let reader: GrafanaConnection;
  const full = testDatabase();
  const undo: (() => unknown)[] = [];

  beforeAll(async () => {
    const db = await full;
    stack = await runStack(db, (step) => undo.push(step));
    reader = await connectAsGrafana(db.superuserUrl);
  });
  afterAll(async () => {
    await reader?.end();
    for (const step of undo.toReversed()) await step();
  });

  /** Begins before the first question; rates use five scrapes. */
  const range = (at: Date): TimeRange => ({ from: new Date(at.getTime() - 60_000), to: at, step: 1, rate: 5 });
  const days: Pick<TimeRange, 'step' | 'rate'> = { step: 3_600, rate: 3_600 };
  const rangeOfDays = (at: Date, span: number): TimeRange => ({ from: new Date(at.getTime() - span), to: at, ...days });

  test.each(named)('%s: each expression is valid, and returns data while there is traffic', async (_, dashboard) => {
    const problems: string[] = [];
    for (const { where, target } of promqlOf(dashboard)) {
      const answer = await queryTarget(stack.prometheus, dashboard, target, range(stack.busyAt));
      if ('error' in answer) problems.push(`${where}: ${answer.error}`);
      else if (answer.values === 0 && !isExpectedEmpty(dashboard, where)) problems.push(`${where}: empty`);
    }
    expect(problems).toEqual([]);
  });

  test.each(named)('%s: ratios and means are empty before the first question', async (_, dashboard) => {
    const problems: string[] = [];
    for (const { where, panel, target } of promqlOf(dashboard)) {
      if (!/rag_(answers|answer_duration|cost|citations|relevance|feedback)|slo:value/.test(target.expr ?? ''))
        continue;
      if (!/ \/ |histogram_quantile|slo:/.test(target.expr ?? '')) continue;
      const answer = await queryTarget(stack.prometheus, dashboard, target, range(stack.quietAt));
      if ('error' in answer || answer.values > 0) problems.push(`${where} ${panel.fieldConfig?.defaults.unit}`);
    }
    expect(problems).toEqual([]);
  });

  test.each(named)('%s: no panel shows a number if Prometheus has no data', async (_, dashboard) => {
    const longAgo = new Date(stack.quietAt.getTime() - 86_400_000);
    const problems: string[] = [];
    for (const { where, target } of promqlOf(dashboard)) {
      const answer = await queryTarget(stack.prometheus, dashboard, target, range(longAgo));
      if ('error' in answer || answer.values > 0) problems.push(where);
    }
    expect(problems).toEqual([]);
  });

  test('queries with exemplars return exemplars', async () => {
    const withExemplars = dashboards.flatMap((dashboard) =>
      promqlOf(dashboard)
        .filter(({ target }) => target.exemplar)
        .map((each) => ({ dashboard, ...each })),
    );
    expect(withExemplars.length).toBeGreaterThan(1);
    for (const { dashboard, where, target } of withExemplars.filter(({ target }) =>
      target.expr?.includes('traces_span'),
    )) {
      expect(await queryExemplars(stack.prometheus, dashboard, target, range(stack.busyAt)), where).toBeGreaterThan(0);
    }
  });

  test.each(named)(
    '%s: Grafana’s role can run each statement, and the result has the right shape and rows',
    async (_, dashboard) => {
      const problems: string[] = [];
      for (const { where, target } of sqlIn(dashboard)) {
        const answer = await reader.query(dashboard, target, rangeOfDays(new Date(), spanOf(dashboard)));
        if ('error' in answer) problems.push(`${where}: ${answer.error}`);
        else if (isEmpty(answer.rows) && !isExpectedEmpty(dashboard, where)) problems.push(`${where}: empty`);
      }
      expect(problems).toEqual([]);
    },
  );

  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    'a check fails when %s',
    async (_, { of, change }) => {
      const whole = dashboards.find(({ uid }) => uid === of);
      if (whole === undefined) throw new Error(of);
      const broken = structuredClone(whole);
      change(broken);
      expect(JSON.stringify(broken)).not.toBe(JSON.stringify(whole));
      const faults = [...findFaults(broken)];
      if (faults.length === 0) faults.push(...(await faultsOfQueries(whole, broken)));
      expect(faults).not.toEqual([]);
    },
  );

  describe('compared with the metrics page', () => {
    const dashboard = (title: string) => {
      const found = dashboards.find((each) => each.title === title);
      if (found === undefined) throw new Error(title);
      return found;
    };
    const page = () => readMetricsPage(stack.chat, stack.adminToken);
    const bySlo = async (refId: string, at: Date) => {
      const values = await panelValues(stack.prometheus, dashboard('RAG SLOs'), {
        title: 'Error budgets',
        refId,
        at,
      });
      return new Map(values.map(({ labels, value }) => [labels.slo, value]));
    };

    test('remaining error budgets, burn rates and times to exhaustion are equal', async () => {
      const both = async () => {
        const { asOf, budgets, budgetsFrom } = await page();
        // The page does not wait for Prometheus, so the first response may not have its data.
        if (budgetsFrom !== 'prometheus') return null;
        const [left, burn1h, burn6h, lasts] = await Promise.all(['A', 'B', 'C', 'D'].map((ref) => bySlo(ref, asOf)));
        const onDashboard = Object.keys(budgets).map((slo): [string, Budget] => {
          const burns = { '1h': burn1h?.get(slo) ?? null, '6h': burn6h?.get(slo) ?? null };
          const spent = (left?.get(slo) ?? 0) <= 0;
          return [slo, { left: left?.get(slo) ?? null, burns, lasts: spent ? null : (lasts?.get(slo) ?? null) }];
        });
        return { budgets, onDashboard: Object.fromEntries(onDashboard) };
      };
      // Rules evaluated during the request write samples for the same moment afterwards: retry.
      await expect
        .poll(both, { timeout: 30_000 })
        .toSatisfy(
          (values: Awaited<ReturnType<typeof both>>) =>
            values !== null && isDeepStrictEqual(values.budgets, values.onDashboard),
        );
      const { budgets } = await page();
      const withBudget = Object.values(objectives).filter(({ kind }) => kind !== 'mean');
      expect(Object.keys(budgets).sort()).toEqual(withBudget.map(({ name }) => name).sort());
      expect(budgets.error_rate?.left).toBeLessThan(1);
    });

    test('every alert in the table of firing alerts fires on the page since the same time', async () => {
      const reply = await get(stack.chat, '/api/admin/alerts', stack.adminToken);
      const body = (await reply.json()) as { asOf: string; firing: { name: string; since: string }[] };
      const values = await panelValues(stack.prometheus, dashboard('RAG SLOs'), {
        title: 'Firing alerts',
        at: new Date(body.asOf),
      });
      const oldest = Map.groupBy(values, ({ labels }) => `${labels.alertname} ${labels.severity} ${labels.service}`);
      const expected = [...oldest].map(([, same]) => [
        same[0]?.labels.alertname,
        Math.min(...same.map(({ value }) => value)),
      ]);
      expect(expected).not.toEqual([]);
      // The page also lists alerts that another one inhibits.
      expect(body.firing.map(({ name, since }) => [name, Date.parse(since)])).toEqual(expect.arrayContaining(expected));
    });

    test('the worst answers are equal and in the same order', async () => {
      const from = startOf(addDays(dayOf(new Date()), -1));
      const target = targetIn(dashboard('Answer quality'), 'Worst answers');
      const ids = async () => {
        const answer = await reader.query(dashboard('Answer quality'), target, { from, to: new Date(), ...days });
        if ('error' in answer) throw new Error(answer.error);
        return answer.rows.map((row) => (row as { answer: string }).answer).slice(0, 10);
      };
      // The judge scores answers in the meantime: poll until it has finished.
      await expect
        .poll(async () => [await ids(), (await page()).worst])
        .toSatisfy(
          ([onDashboard = [], onPage = []]: string[][]) =>
            onDashboard.length === 10 && onDashboard.join() === onPage.join(),
        );
    });

    test('the documents of each source are equal', async () => {
      const { documents } = await page();
      const values = await panelValues(stack.prometheus, dashboard('Provenance and compliance'), {
        title: 'Content sources',
        refId: 'D',
        at: new Date(),
      });
      expect(values.length).toBeGreaterThan(1);
      // Prometheus has no series of disabled sources.
      expect(documents).toMatchObject(Object.fromEntries(values.map(({ labels, value }) => [labels.source, value])));
    });

    test.each(Object.values(dailyObjectives).filter(({ name }) => name !== 'latency_p50'))(
      '$title of each past day is equal',
      async ({ name, title }) => {
        const target = targetIn(dashboard('Daily business metrics'), `${title} by day`);
        const answer = await reader.query(
          dashboard('Daily business metrics'),
          target,
          rangeOfDays(new Date(), 29 * 86_400_000),
        );
        if ('error' in answer) throw new Error(answer.error);
        const rows = answer.rows as { time: Date; value: number | null }[];
        const onDashboard = rows.filter(({ value }) => value !== null).map(({ time, value }) => [dayOf(time), value]);
        const onPage = (await page()).days[name] ?? {};
        expect(onDashboard.length).toBeGreaterThan(20);
        expect(Object.keys(onPage)).toEqual(onDashboard.map(([day]) => day));
        for (const [day, value] of onDashboard)
          expect(onPage[day as string], String(day)).toBeCloseTo(value as number, 9);
      },
    );
  });

  /** Runs only the changed queries. */
  async function faultsOfQueries(whole: DashboardJson, broken: DashboardJson): Promise<readonly string[]> {
    const unchanged = new Set(targetsOf(whole).map(({ target }) => JSON.stringify(target)));
    const faults: string[] = [];
    for (const { where, target } of targetsOf(broken).filter((each) => !unchanged.has(JSON.stringify(each.target)))) {
      const answer =
        target.rawSql === undefined
          ? await queryTarget(stack.prometheus, broken, target, range(stack.busyAt))
          : await reader.query(broken, target, rangeOfDays(new Date(), spanOf(broken)));
      if ('error' in answer) faults.push(`${where}: ${answer.error}`);
    }
    return faults;
  }
});

test('on an empty database each statement runs, and ratios and means are empty', async () => {
  const db = await createDatabase();
  const reader = await connectAsGrafana(db.superuserUrl);
  try {
    const problems: string[] = [];
    const to = new Date();
    const range: TimeRange = { from: new Date(to.getTime() - 86_400_000), to, step: 3_600, rate: 3_600 };
    for (const dashboard of dashboards) {
      for (const { where, target } of sqlIn(dashboard)) {
        const answer = await reader.query(dashboard, target, range);
        if ('error' in answer) problems.push(`${dashboard.title} ${where}: ${answer.error}`);
        else if (
          /::float8 \/|avg\(/.test(target.rawSql ?? '') &&
          !/pg_(index|stat)|month/.test(target.rawSql ?? '') &&
          !isEmpty(answer.rows)
        ) {
          problems.push(`${dashboard.title} ${where}: ${JSON.stringify(answer.rows[0])}`);
        }
      }
    }
    expect(problems).toEqual([]);
  } finally {
    await reader.end();
    await db.close();
  }
});
