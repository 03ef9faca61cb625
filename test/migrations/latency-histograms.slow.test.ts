/** Histograms that were kept as JSON are packed where they are, and are the same JSON again on the way back. */
import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { addDays } from '../../services/rollup/day.ts';
import { type LatencyCounts, packLatencies } from '../../services/rollup/latency-histogram.ts';
import type { TestDatabase } from '../kit/database.ts';
import { inDatabase } from './in-database.ts';

const packed = '0022_pack-latency-histograms';
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

test('days of JSON are packed as the rollup packs them, an SRE reads the same counts, and JSON comes back', () =>
  inDatabase(async (db) => {
    await beforePacking(db);
    for (const [number, histogram] of histograms.entries()) await insertDay(db, number, histogram);
    expect(await migrate(db.url, { count: 1 })).toEqual([packed]);

    const bytes = await db.query('select latency_histogram as bytes from rag_metrics_history order by date');
    expect(bytes).toEqual(histograms.map((counts) => ({ bytes: counts && Buffer.from(packLatencies(counts) ?? []) })));
    expect(
      await db.query(
        `select jsonb_object_agg(coalesce(bucket::text, 'zero'), answers) filter (where answers is not null) as counts
         from rag_metrics_history left join rag_latency_counts(latency_histogram) on true
         group by date order by date`,
      ),
    ).toEqual(histograms.map((counts) => ({ counts })));

    expect(await migrate(db.url, { direction: 'down' })).toEqual([packed]);
    for (const from of ['rag_metrics_history', 'reporting.metrics_history']) {
      const rows = await db.query(`select latency_histogram as counts from ${from} order by date`);
      expect(rows).toEqual(histograms.map((counts) => ({ counts })));
    }
  }));

test('Grafana reads the view, and the counts in it, before and after', () =>
  inDatabase(async (db) => {
    await beforePacking(db);
    await insertDay(db, 0, { zero: 3, 305: 7 });
    const asGrafana = async (sql: string) => {
      const client = new pg.Client({ connectionString: db.superuserUrl });
      await client.connect();
      try {
        await client.query('set role grafana_reader');
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    };
    const counts = `select bucket, answers::integer from reporting.metrics_history, rag_latency_counts(latency_histogram)`;
    const json = 'select latency_histogram as counts from reporting.metrics_history';
    expect(await asGrafana(json)).toEqual([{ counts: { zero: 3, 305: 7 } }]);
    await migrate(db.url, { count: 1 });
    expect(await asGrafana(counts)).toEqual([
      { bucket: null, answers: 3 },
      { bucket: 305, answers: 7 },
    ]);
    await migrate(db.url, { direction: 'down' });
    expect(await asGrafana(json)).toEqual([{ counts: { zero: 3, 305: 7 } }]);
  }));

test('a day that cannot be packed stops the migration, which changes nothing', () =>
  inDatabase(async (db) => {
    await beforePacking(db);
    await insertDay(db, 0, { 305: most + 1 });
    await expect(migrate(db.url, { count: 1 })).rejects.toThrow('a bucket that cannot be packed (305: 4294967296)');
    expect(await db.query('select latency_histogram as counts from rag_metrics_history')).toEqual([
      { counts: { 305: most + 1 } },
    ]);
    await db.query(`update rag_metrics_history set latency_histogram = '{"1087": 3}'`);
    await expect(migrate(db.url, { count: 1 })).rejects.toThrow('a bucket that cannot be packed (1087: 3)');
  }));

test('JSON from a worker of an earlier release is refused', () =>
  inDatabase(async (db) => {
    await migrate(db.url);
    for (const json of ['{"7": 3}', '{"zero": 1,"305": 4}']) {
      await expect(
        db.query(`insert into rag_metrics_history (date, latency_histogram) values ('2026-03-01', $1)`, [json]),
      ).rejects.toThrow('rag_metrics_history_latency_histogram_check');
    }
  }));

async function beforePacking(db: TestDatabase): Promise<void> {
  const ran = await migrate(db.url);
  await migrate(db.url, { direction: 'down', count: ran.length - ran.indexOf(packed) });
}

async function insertDay(db: TestDatabase, number: number, histogram: LatencyCounts | null): Promise<void> {
  await db.query('insert into rag_metrics_history (date, latency_histogram) values ($1, $2)', [
    addDays('2026-03-01', number),
    histogram,
  ]);
}
