/** The table refused_request: how often requests of applications were refused, by kind. */
import type { Pool } from 'pg';
import { textArray } from '../client/encoding.ts';

export type RefusedCount = {
  /** Empty: the key is unknown. */
  readonly service: string;
  readonly keyPrefix: string;
  readonly path: string;
  readonly reason: string;
  readonly count: number;
};

/** Adds counts, and forgets kinds that have not occurred for a week or are not among the latest 1,000. */
export async function addRefused(pool: Pool, counts: readonly RefusedCount[]): Promise<void> {
  if (counts.length === 0) return;
  await pool.query({
    name: 'add-refused-requests',
    text: `
      insert into refused_request as known (service, key_prefix, path, reason, count, last_at)
      select service, key_prefix, path, reason, count::bigint, clock_timestamp()
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
        as refused(service, key_prefix, path, reason, count)
      on conflict (service, key_prefix, path, reason)
        do update set count = known.count + excluded.count, last_at = excluded.last_at`,
    values: [
      textArray(counts.map(({ service }) => service)),
      textArray(counts.map(({ keyPrefix }) => keyPrefix)),
      textArray(counts.map(({ path }) => path)),
      textArray(counts.map(({ reason }) => reason)),
      textArray(counts.map(({ count }) => String(count))),
    ],
  });
}

export async function purgeRefused(pool: Pool): Promise<void> {
  await pool.query({
    name: 'purge-refused-requests',
    text: `
      delete from refused_request
      where last_at < clock_timestamp() - interval '7 days'
        or last_at < (select last_at from refused_request order by last_at desc offset 1000 limit 1)`,
  });
}
