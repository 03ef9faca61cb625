import { expect, test } from 'vitest';
import { insertDialogue } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { connect } from '../client/connect.ts';
import { readRollupGaps } from './rollup-gaps.ts';

const db = await testDatabase();

async function roll(date: string, computedAt: string) {
  await db.query('insert into rag_metrics_history (date, created_at) values ($1, $2)', [date, computedAt]);
}

test('before the first question only yesterday is due, which shows that the job runs', async () => {
  expect(await readRollupGaps(db.pool, '2026-03-05')).toEqual({ firstDay: null, missing: ['2026-03-05'] });
});

test('days without a row, or with one computed before the day ended, are missing', async () => {
  await insertDialogue(db, { created_at: '2026-02-28 15:00:00+00' }); // 1 March in Tokyo
  await roll('2026-03-02', '2026-03-02 17:00:00+00');
  await roll('2026-03-03', '2026-03-03 14:59:59.999999+00');
  await roll('2026-03-04', '2026-03-04 15:00:00+00');
  expect(await readRollupGaps(db.pool, '2026-03-05')).toEqual({
    firstDay: '2026-03-01',
    missing: ['2026-03-01', '2026-03-03', '2026-03-05'],
  });
});

test('a failure before the first answer counts as traffic, in any session time zone', async () => {
  await db.query(
    `insert into chat_failure (at, stage, failure) values ('2026-02-27 14:59:59+00', 'generate', 'internal')`,
  );
  const pool = connect(`${db.url}${db.url.includes('?') ? '&' : '?'}options=-c%20timezone%3DPacific/Kiritimati`, {
    name: 'test in Kiritimati',
    max: 1,
  });
  try {
    expect(await readRollupGaps(pool, '2026-03-02')).toEqual({
      firstDay: '2026-02-27',
      missing: ['2026-02-27', '2026-02-28', '2026-03-01'],
    });
  } finally {
    await pool.end();
  }
});
