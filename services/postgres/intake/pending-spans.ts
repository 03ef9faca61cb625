/** The table pending_span: spans that were acknowledged and are not yet assembled. */
import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { LockedGroup } from '../../intake/spans/assemble-pending.ts';
import type { PendingItem } from '../../intake/spans/pending.ts';
import { type DueGroup, type GroupKey, groupText } from '../../intake/spans/waiting-groups.ts';
import { userKey } from '../../intake/turn-key.ts';
import { textArray } from '../client/encoding.ts';

/**
 * Inserts items and commits. Items that are there already are left unchanged, so that a batch may be sent again.
 *
 * Spans that only link others are stored if their trace has spans of an AI application, in this batch or waiting.
 * @returns how many spans and log events of AI applications are new
 */
export async function insertPending(pool: Pool, service: string, items: readonly PendingItem[]): Promise<number> {
  if (items.length === 0) return 0;
  const traces = new Set(items.filter(({ isAi }) => isAi).map(({ traceId }) => traceId));
  const column = (value: (item: PendingItem) => string | null) => textArray(items.map(value));
  const { rows } = await pool.query<{ stored: number }>({
    name: 'insert-pending-spans',
    text: insert,
    values: [
      service,
      column(({ traceId }) => traceId),
      column(({ spanId }) => spanId),
      column(({ part }) => part),
      column(({ group }) => group),
      column(({ user }) => (user === null ? null : userKey(service, user))),
      column(({ isAi }) => String(isAi)),
      column(({ isAi, traceId }) => String(isAi || traces.has(traceId))),
      column(({ content }) => JSON.stringify(content)),
    ],
  });
  return rows[0]?.stored ?? 0;
}

const insert = `
  with item as materialized (
    select trace_id, span_id, part, group_id, user_id::uuid, is_ai::boolean, wanted::boolean, content::jsonb
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
      as item(trace_id, span_id, part, group_id, user_id, is_ai, wanted, content)
  ), stored as (
    insert into pending_span (service, trace_id, span_id, part, group_id, user_id, is_ai, content)
    select $1, trace_id, span_id, part, group_id, user_id, is_ai, content
    from item
    where wanted or exists (select from pending_span as other where other.service = $1 and other.trace_id = item.trace_id)
    order by trace_id, span_id, part
    on conflict do nothing
    returning is_ai
  )
  select count(*) filter (where is_ai) as stored from stored`;

type Due = {
  readonly quietMs: number;
  readonly longestMs: number;
  /** Groups that were found to be incomplete: left out unless a part has arrived since. */
  readonly except: readonly DueGroup[];
  readonly limit: number;
};

/** Groups without a new part for `quietMs`, and groups that have waited for `longestMs`, oldest first. */
export async function findDueGroups(
  pool: Pool,
  { quietMs, longestMs, except, limit }: Due,
): Promise<readonly DueGroup[]> {
  const { rows } = await pool.query<DueGroup>({
    name: 'find-due-groups',
    text: `
      with due as (
        select service, group_id, min(received_at) as first_at, max(received_at)::text as last_at
        from pending_span
        group by service, group_id
        having max(received_at) < clock_timestamp() - $1 * interval '1 ms'
          or min(received_at) < clock_timestamp() - $2 * interval '1 ms'
      )
      select service, group_id as "group", last_at as "lastAt"
      from due
      where not exists (
        select from unnest($3::text[], $4::text[], $5::text[]) as waiting(service, group_id, last_at)
        where waiting.service = due.service and waiting.group_id = due.group_id and waiting.last_at = due.last_at
      )
      order by first_at
      limit $6`,
    values: [
      quietMs,
      longestMs,
      textArray(except.map(({ service }) => service)),
      textArray(except.map(({ group }) => group)),
      textArray(except.map(({ lastAt }) => lastAt)),
      limit,
    ],
  });
  return rows;
}

/**
 * Locks groups for this transaction. A lock ends with the connection, so the groups of a killed server are free at once.
 * @returns those that no other server has
 */
export async function lockGroups(client: ClientBase, due: readonly DueGroup[]): Promise<readonly LockedGroup[]> {
  const locks = await client.query<{ index: number }>({
    name: 'lock-groups',
    text: `
      select index::integer - 1 as index
      from unnest($1::text[]) with ordinality as lock(key, index)
      where pg_try_advisory_xact_lock(key::bigint)`,
    values: [textArray(due.map(({ service, group }) => lockKey('group', service, group)))],
  });
  const own = locks.rows.flatMap(({ index }) => due[index] ?? []);
  const { rows } = await client.query<GroupKey & LockedGroup['items'][number] & { ageMs: number }>({
    name: 'read-groups',
    text: `
      select service, group_id as "group", trace_id as "traceId", span_id as "spanId", part, is_ai as "isAi", content,
        (extract(epoch from clock_timestamp() - received_at) * 1000)::double precision as "ageMs"
      from pending_span
      where (service, group_id) in (select * from unnest($1::text[], $2::text[]))`,
    values: [textArray(own.map(({ service }) => service)), textArray(own.map(({ group }) => group))],
  });
  const byGroup = Map.groupBy(rows, groupText);
  return own.flatMap((group) => {
    const items = byGroup.get(groupText(group));
    if (items === undefined) return [];
    let ageMs = Number.NEGATIVE_INFINITY;
    let quietMs = Number.POSITIVE_INFINITY;
    for (const item of items) {
      ageMs = Math.max(ageMs, item.ageMs);
      quietMs = Math.min(quietMs, item.ageMs);
    }
    return [{ ...group, items, ageMs, quietMs }];
  });
}

/** Deletes the items that were read, and no others: more may have arrived since. */
export async function deletePending(client: ClientBase, groups: readonly LockedGroup[]): Promise<void> {
  if (groups.length === 0) return;
  const items = groups.flatMap(({ service, items: own }) => own.map((item) => ({ ...item, service })));
  const column = (value: (item: (typeof items)[number]) => string) => textArray(items.map(value));
  await client.query({
    name: 'delete-pending',
    text: `
      delete from pending_span using unnest($1::text[], $2::text[], $3::text[], $4::text[])
        as read(service, trace_id, span_id, part)
      where pending_span.service = read.service and pending_span.trace_id = read.trace_id
        and pending_span.span_id = read.span_id and pending_span.part = read.part`,
    values: [
      column(({ service }) => service),
      column(({ traceId }) => traceId),
      column(({ spanId }) => spanId),
      column(({ part }) => part),
    ],
  });
}

/** Spans of AI applications that wait, by service. */
export async function countPending(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ service: string; spans: number }>({
    name: 'count-pending-spans',
    text: 'select service, count(*) filter (where is_ai) as spans from pending_span group by service',
  });
  return new Map(rows.map(({ service, spans }) => [service, spans]));
}

/** Deletes what no server has assembled for a day. @returns the number of spans of AI applications, by service */
export async function purgePending(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ service: string; spans: number }>({
    name: 'purge-pending-spans',
    text: `
      with purged as (
        delete from pending_span where received_at < clock_timestamp() - interval '1 day' returning service, is_ai
      )
      select service, count(*) filter (where is_ai) as spans from purged group by service`,
  });
  return new Map(rows.map(({ service, spans }) => [service, spans]));
}

/** A signed 64-bit key of an advisory lock. */
export function lockKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readBigInt64BE().toString();
}
