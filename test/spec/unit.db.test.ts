/** The unit test that the specification sketches, its body as written there. */
import { describe, expect, it } from 'vitest';
import { findExpiringContent as findExpiringIn } from '../../services/postgres/content/provenance-list.ts';
import { measurePeriod } from '../../services/postgres/metrics/measure-period.ts';
import { insertDialogue } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';

const db = await testDatabase();
const calculateMetricsForPeriod = (from: Date, to: Date) => measurePeriod(db.pool, { from, to });
const findExpiringContent = (days: number) =>
  findExpiringIn(db.pool, { days, now: new Date(), limit: 100, after: null });
const startDate = new Date('2026-03-01T00:00:00+09:00');
const endDate = new Date('2026-04-01T00:00:00+09:00');

const citation = {
  source: 'Material #123',
  sourceType: 'material',
  excerpt: 'x',
  confidence: 0.95,
  timestamp: '2026-03-05',
};
for (const day of [5, 6, 7, 8]) {
  await insertDialogue(db, { created_at: `2026-03-0${day} 03:00:00+00`, citations: day === 8 ? [] : [citation] });
}
await db.query(`insert into provenance (content_id, content_type, retention_years, acquired_at)
  values (gen_random_uuid(), 'note_article', 2, now() - interval '2 years' + interval '11 days')`);

describe('RAG Metrics Queries', () => {
  it('should calculate citation rate correctly', async () => {
    const result = await calculateMetricsForPeriod(startDate, endDate);
    expect(result.citationRate).toBeGreaterThan(70);
    expect(result).toMatchObject({ citationRate: 75, totalQueries: 4, citationCount: 3, uniqueSourcesCount: 1 });
  });

  it('should identify expiring content', async () => {
    const expiring = await findExpiringContent(30); // 30 days
    expect(expiring).toBeInstanceOf(Array);
    expect(expiring).toHaveLength(1);
  });
});
