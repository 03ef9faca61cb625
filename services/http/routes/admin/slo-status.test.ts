import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { emptyMetrics } from '../../../../test/kit/data/empty-metrics.ts';
import { bearer, serveApp } from '../../../../test/kit/programs/serve-app.ts';
import { overviewOf } from '../../../rollup/overview.ts';
import { objectives } from '../../../slo/objectives.ts';
import type { PrometheusStatus } from '../../../slo/slo-status.ts';
import { problemDocument } from '../../api/problem.ts';
import { sampleLearnerId } from '../../auth/development-token.ts';
import { mountPages } from '../../pages/mount.ts';
import { alertList, errorBudgets } from './slo-status.ts';
import { worstAnswers } from './worst-answers.ts';

const now = new Date('2026-03-07T04:05:06.789Z');
const overview = async () => overviewOf({ day: '2026-03-07', metrics: emptyMetrics, now }, []);
const connected: PrometheusStatus = {
  state: 'connected',
  asOf: '2026-03-07T04:05:01.234Z',
  rulesRun: true,
  budgets: [
    {
      key: 'errorRate',
      budget: 0.001,
      remaining: 0,
      burnRates: [{ window: '1h', rate: null }],
      exhaustedInSeconds: 0,
    },
  ],
  firing: [
    {
      name: 'Rag"><script>',
      severity: 'critical',
      slo: null,
      service: 'rag-chat',
      since: '2026-03-07T03:00:00.000Z',
      until: null,
    },
  ],
  ended: [],
};
const worst = {
  id: randomUUID(),
  service: 'rag-chat',
  answeredAt: new Date('2026-03-07T01:02:03.456Z'),
  vote: -1 as const,
  citationRate: 0,
  relevance: null,
  latencyMs: 3_517,
  costJpy: null,
  model: 'gpt',
  traceId: null,
};

function serve(status: PrometheusStatus, { embedded = false } = {}) {
  const requests: object[] = [];
  const findWorst = async (query: object) => {
    requests.push(query);
    return [worst];
  };
  const app = serveApp({
    settings: { embedded },
    overview,
    prometheusStatus: async () => status,
    worstAnswers: findWorst,
    pages: (router, context) =>
      mountPages(router, context, {
        hasOnlySamples: async () => false,
        overview,
        prometheusStatus: async () => status,
        worstAnswers: findWorst,
        sources: async () => [],
        serviceNames: async () => ['rag-chat'],
        diagnoseService: async () => null,
      }),
  });
  return { app, requests };
}

async function get(url: string, path: string, role = 'admin') {
  const response = await fetch(url + path, { headers: await bearer({ role }) });
  return { status: response.status, body: await response.json() };
}

test('error budgets come from Prometheus if it has them, otherwise from the daily rows, and name their source', async () => {
  await using one = await serve(connected).app;
  const { body } = await get(one.url, '/api/admin/error-budgets');
  expect(errorBudgets.strict().parse(body)).toEqual({
    source: 'prometheus',
    asOf: '2026-03-07T04:05:01.234Z',
    budgets: connected.budgets,
  });
  for (const status of [{ state: 'not_connected' as const }, { ...connected, budgets: null }]) {
    await using other = await serve(status).app;
    const reply = errorBudgets.parse((await get(other.url, '/api/admin/error-budgets')).body);
    expect([reply.source, reply.asOf, reply.budgets.length]).toEqual([
      'database',
      now.toISOString(),
      Object.keys(objectives).length,
    ]);
  }
});

test('unknown alerts are null, which is not the same as none', async () => {
  await using one = await serve(connected).app;
  expect(alertList.strict().parse((await get(one.url, '/api/admin/alerts')).body)).toMatchObject({
    prometheus: 'connected',
    rulesRun: true,
    firing: [{ service: 'rag-chat', slo: null, until: null }],
    ended: [],
  });
  await using unreachable = await serve({ state: 'unreachable', asOf: now.toISOString() }).app;
  expect((await get(unreachable.url, '/api/admin/alerts')).body).toEqual({
    prometheus: 'unreachable',
    asOf: now.toISOString(),
    rulesRun: null,
    firing: null,
    ended: null,
  });
});

test('worst answers default to two days and ten answers, and both are limited', async () => {
  const { app, requests } = serve(connected);
  await using served = await app;
  const { body } = await get(served.url, '/api/admin/worst-answers');
  expect(worstAnswers.strict().parse(body)).toEqual({
    answers: [{ ...worst, answeredAt: '2026-03-07T01:02:03.456Z' }],
  });
  await get(served.url, '/api/admin/worst-answers?days=7&limit=100');
  expect(requests).toEqual([
    { days: 2, limit: 10 },
    { days: 7, limit: 100 },
  ]);
  for (const [query, field] of [
    ['days=8', 'days'],
    ['days=0', 'days'],
    ['limit=101', 'limit'],
    ['user=yuki', 'user'],
  ]) {
    const refused = await get(served.url, `/api/admin/worst-answers?${query}`);
    expect([refused.status, problemDocument.parse(refused.body).errors?.[0]?.field]).toEqual([400, field]);
  }
});

test.each(['/api/admin/error-budgets', '/api/admin/alerts', '/api/admin/worst-answers'])(
  '%s requires an administrator',
  async (path) => {
    await using served = await serve(connected).app;
    expect((await get(served.url, path, 'learner')).status).toBe(403);
    expect((await fetch(served.url + path)).status).toBe(401);
  },
);

test('on the page a learner sees only aggregates; administrators and local visitors see details', async () => {
  const seesDetails = async (embedded: boolean, headers: Record<string, string>) => {
    await using served = await serve(connected, { embedded }).app;
    const page = await (await fetch(`${served.url}/dashboard/metrics`, { headers })).text();
    expect(page).toContain('Error budget: 0% of 30 days remaining');
    const parts = [worst.id, 'data-testid="alerts"', 'data-testid="sources"'].map((part) => page.includes(part));
    expect(new Set(parts).size).toBe(1);
    expect(page.includes('data-testid="for-admins"')).toBe(!parts[0]);
    expect(page).not.toContain('<script>"');
    return parts[0];
  };
  expect(await seesDetails(false, await bearer({ role: 'learner' }))).toBe(false);
  expect(await seesDetails(false, await bearer({ role: 'admin' }))).toBe(true);
  expect(await seesDetails(true, {})).toBe(true);
  expect(await seesDetails(true, await bearer({ id: sampleLearnerId }))).toBe(true);
  expect(await seesDetails(true, await bearer({ role: 'learner' }))).toBe(false);
  expect(await seesDetails(false, await bearer({ id: sampleLearnerId }))).toBe(false);
});

test.each([
  [{ state: 'not_connected' as const }, /Prometheus is not configured[\s\S]*PROMETHEUS_URL/],
  [{ state: 'waiting' as const }, /Waiting for Prometheus/],
  [{ state: 'unreachable' as const, asOf: now.toISOString() }, /unreachable, so alert status is unknown/],
  [{ ...connected, rulesRun: false, firing: [] }, /not evaluating rules[\s\S]*RagWatchdog/],
])('if alerts are unknown, the page says why and never that no alerts are firing: %o', async (status, why) => {
  await using served = await serve(status).app;
  const page = await fetch(`${served.url}/dashboard/metrics`, { headers: await bearer({ role: 'admin' }) });
  const text = await page.text();
  expect(text).toMatch(why);
  expect(text).not.toContain('No alerts firing');
});
