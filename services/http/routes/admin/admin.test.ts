import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { bearer, type ServedApp, serveApp } from '../../../../test/kit/programs/serve-app.ts';
import type { DayReport } from '../../../rollup/day-report.ts';
import type { History } from '../../../rollup/history.ts';
import { problemDocument } from '../../api/problem.ts';
import { expiringContent, type ProvenanceFilter, type ProvenanceRow, provenancePage } from './provenance.ts';
import { dayReport, metricsHistory } from './rag-metrics.ts';

const report: DayReport = {
  day: '2026-03-07',
  generatedAt: '2026-03-07T04:05:06.789Z',
  objectives: [
    {
      key: 'citationRate',
      name: 'citation_rate',
      title: 'Answers with a valid citation',
      unit: 'ratio',
      direction: 'atLeast',
      target: 0.7,
      warning: 0.65,
      critical: 0.6,
      action: 'Review content sources',
      value: 0,
      met: false,
    },
  ],
  totals: {
    queries: 17,
    failed: 1,
    noAnswer: 3,
    uniqueUsers: 5,
    citations: 13,
    uniqueSources: 7,
    totalCostJpy: null,
    priced: 0,
    votes: 2,
    positiveVotes: 0,
    averageTokens: null,
    latencyP99Ms: 113,
  },
  compliance: { citationRateMet: false, latencyMet: true, costMet: null, relevanceMet: true, overallMet: false },
};

const past: History = {
  days: [
    {
      date: '2026-03-06',
      citationRate: 71.43,
      citationCount: 13,
      uniqueSourcesCount: 5,
      latencyP50Ms: 37,
      latencyP95Ms: 91,
      latencyP99Ms: 113,
      costPerAnswer: null,
      totalCost: 0,
      totalQueries: 17,
      uniqueUsers: 3,
      averageTokensPerQuery: 19,
      averageRelevanceScore: 0.83,
      positiveVotesRate: null,
      failedQueries: 1,
      noAnswerCount: 3,
      pricedCount: 0,
      sloCompliance: { citationRateMet: true, latencyMet: true, costMet: null, relevanceMet: true, overallMet: true },
      computedAt: '2026-03-06T17:00:01.234Z',
      errorRate: 0.0556,
    },
  ],
  latency: { p50Ms: 37, p95Ms: 91, p99Ms: 113 },
};

const row: ProvenanceRow = {
  id: randomUUID(),
  contentId: randomUUID(),
  contentType: 'material',
  source: 'local',
  sourceUri: 'https://example.com/rag',
  language: 'en',
  publishedAt: new Date('2026-03-01T00:00:00.123Z'),
  license: 'cc_by',
  acquisitionMethod: 'manual_upload',
  rightsHolder: 'Yuki',
  permissionFlag: true,
  externalShareConsent: false,
  hashSha256: 'ab'.repeat(32),
  hashC2pa: null,
  retentionYears: 0,
  accessPolicy: null,
  acquiredBy: null,
  acquiredAt: new Date('2026-03-07T04:05:06.789Z'),
  expiresAt: new Date('2026-03-07T04:05:06.789Z'),
  lastVerifiedAt: null,
  verificationStatus: null,
  supersededAt: null,
  removedAt: null,
};

async function get(app: ServedApp, path: string) {
  const response = await fetch(`${app.url}/api/admin/${path}`, { headers: await bearer({ role: 'admin' }) });
  return { status: response.status, body: await response.json() };
}

test('an admin reads the metrics of today and of past days, with zero distinct from missing', async () => {
  const requested: number[] = [];
  await using app = await serveApp({
    ragMetrics: async () => report,
    ragMetricsHistory: async (days) => {
      requested.push(days);
      return past;
    },
  });
  expect(dayReport.strict().parse((await get(app, 'rag-metrics')).body)).toEqual(report);
  expect(metricsHistory.strict().parse((await get(app, 'rag-metrics/history?days=7')).body)).toEqual(past);
  await get(app, 'rag-metrics/history');
  expect(requested).toEqual([7, 30]);
});

test('provenance is filtered and paged, and missing filters are null', async () => {
  const filters: ProvenanceFilter[] = [];
  await using app = await serveApp({
    provenance: async (filter) => {
      filters.push(filter);
      return [row, { ...row, id: randomUUID() }];
    },
    expiringContent: async ({ days, limit, after }) =>
      days === 13 && limit === 2 && after === null ? [row, { ...row, id: row.contentId }] : [],
  });
  const queryString = `contentType=material&license=cc_by&sourceUri=${encodeURIComponent('https://example.com/rag')}&limit=1`;
  const body = provenancePage.parse((await get(app, `provenance?${queryString}`)).body);
  expect(body.provenance).toHaveLength(1);
  expect(body.provenance[0]).toMatchObject({
    retentionYears: 0,
    hashC2pa: null,
    expiresAt: '2026-03-07T04:05:06.789Z',
  });
  expect(body.next).toBe(row.id);
  expect(filters).toEqual([
    {
      contentId: null,
      contentType: 'material',
      license: 'cc_by',
      sourceUri: 'https://example.com/rag',
      limit: 2,
      before: null,
    },
  ]);
  const expiring = expiringContent.parse((await get(app, 'provenance/expiring?days=13&limit=1')).body);
  expect([expiring.expiring.length, expiring.next]).toEqual([1, row.id]);
});

test.each([
  ['rag-metrics/history?days=0', 'days'],
  ['rag-metrics/history?days=367', 'days'],
  ['provenance?license=gpl', 'license'],
  ['provenance?contentType=song', 'contentType'],
  ['provenance?contentId=5', 'contentId'],
  ['provenance?sourceUri=%00', 'sourceUri'],
  ['provenance?owner=yuki', 'owner'],
  ['provenance/expiring?days=-1', 'days'],
  ['provenance/expiring?after=13', 'after'],
  ['provenance/expiring?limit=501', 'limit'],
])('%s is rejected with the name of the parameter', async (path, field) => {
  await using app = await serveApp();
  const { status, body } = await get(app, path);
  expect([status, problemDocument.parse(body).errors?.[0]?.field]).toEqual([400, field]);
});
