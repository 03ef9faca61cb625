import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/kit/database/test-database.ts';
import { retentionEnd } from './retention-end.ts';

const db = await testDatabase();

test('retention ends when the database says so, a leap day included', async () => {
  const days = fc.date({ min: new Date('1972-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
  const given = fc.sample(fc.tuple(days, fc.nat(99)), 97).concat([[new Date('2024-02-29T15:30:00Z'), 3]]);
  const rows = await db.query<{ expires_at: Date }>(
    `with given as (select * from unnest($1::timestamptz[], $2::integer[]) with ordinality as given (at, years, place)),
     added as (
       insert into provenance (content_id, content_type, acquired_at, retention_years, rights_holder)
       select gen_random_uuid(), 'note_article', at, years, place from given returning rights_holder, expires_at
     )
     select expires_at from added order by rights_holder::integer`,
    [given.map(([at]) => at), given.map(([, years]) => years)],
  );
  expect(given.map(([at, years]) => retentionEnd(at, years))).toEqual(rows.map(({ expires_at }) => expires_at));
});
