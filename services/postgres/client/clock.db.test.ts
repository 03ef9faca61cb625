import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { requireSameClock } from './clock.ts';

const db = await testDatabase();

test('a clock that agrees with the database, or differs by seconds, is accepted', async () => {
  await requireSameClock(db.pool, () => new Date());
  await requireSameClock(db.pool, () => new Date(Date.now() - 60_000));
});

test.each([
  ['a year ahead', 365 * 86_400_000, 'ahead of'],
  ['ten minutes behind', -600_000, 'behind'],
])('a clock that is %s stops deletions by age', async (_what, differenceMs, words) => {
  const refused = requireSameClock(db.pool, () => new Date(Date.now() + differenceMs));
  await expect(refused).rejects.toThrow(words);
});
