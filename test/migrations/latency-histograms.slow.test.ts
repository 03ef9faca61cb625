/** SQL reads the latency histograms as the rollup packs them, and the table refuses any other format. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../services/rollup/day.ts';
import { type LatencyCounts, packLatencies } from '../../services/rollup/latency-histogram.ts';
import { queryRows } from '../kit/database/query-rows.ts';
import { testDatabase } from '../kit/database/test-database.ts';

const db = await testDatabase();
const bucket = fc.oneof(fc.constant('zero'), fc.integer({ min: 0, max: 1_086 }).map(String));
const most = 2 ** 32 - 1;
const answers = fc.oneof(fc.integer({ min: 1, max: 70_000 }), fc.integer({ min: 1, max: most }));
const histograms: readonly (LatencyCounts | null)[] = [
  null,
  { zero: 3 },
  { 0: 1 },
  { zero: 65_537, 0: 7, 1086: most },
  ...fc.sample(fc.dictionary(bucket, answers, { minKeys: 1, maxKeys: 190 }), 60),
];

test('rag_latency_counts returns the counts that were packed, for the owner and for Grafana', async () => {
  for (const [number, histogram] of histograms.entries()) {
    const bytes = histogram && Buffer.from(packLatencies(histogram) ?? []);
    await db.query('insert into rag_metrics_history (date, latency_histogram) values ($1, $2)', [
      addDays('2026-03-01', number),
      bytes,
    ]);
  }
  const countsIn = (from: string) => `
    select jsonb_object_agg(coalesce(bucket::text, 'zero'), answers) filter (where answers is not null) as counts
    from ${from} left join rag_latency_counts(latency_histogram) on true
    group by date order by date`;
  const expected = histograms.map((counts) => ({ counts }));
  expect(await db.query(countsIn('rag_metrics_history'))).toEqual(expected);
  const asGrafana = new URL(db.superuserUrl);
  asGrafana.searchParams.set('options', '-c role=grafana_reader');
  expect(await queryRows(asGrafana.href, countsIn('reporting.metrics_history'))).toEqual(expected);
});

test('the table rejects a histogram as JSON text', async () => {
  for (const json of ['{"7": 3}', '{"zero": 1,"305": 4}']) {
    await expect(
      db.query(`insert into rag_metrics_history (date, latency_histogram) values ('2027-03-01', $1)`, [json]),
    ).rejects.toThrow('rag_metrics_history_latency_histogram_check');
  }
});
