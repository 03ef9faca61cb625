/** The table pending_span: spans that were acknowledged and are not yet assembled. */
import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { PendingContent, PendingItem } from '../../intake/spans/pending.ts';
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

export type DueGroup = { readonly service: string; readonly group: string };

/** Groups without a new part for `quietMs`, and groups that have waited for `longestMs`, oldest first. */
export async function findDueGroups(
  pool: Pool,
  { quietMs, longestMs, limit }: { readonly quietMs: number; readonly longestMs: number; readonly limit: number },
): Promise<readonly DueGroup[]> {
  const { rows } = await pool.query<DueGroup>({
    name: 'find-due-groups',
    text: `
      select service, group_id as "group"
      from pending_span
      group by service, group_id
      having max(received_at) < clock_timestamp() - $1 * interval '1 ms'
        or min(received_at) < clock_timestamp() - $2 * interval '1 ms'
      order by min(received_at)
      limit $3`,
    values: [quietMs, longestMs, limit],
  });
  return rows;
}

export type LockedGroup = {
  readonly items: readonly { readonly key: string; readonly isAi: boolean; readonly content: PendingContent }[];
  readonly ageMs: number;
  readonly quietMs: number;
};

/**
 * Locks a group for this transaction. The lock ends with the connection, so the group of a killed server is free at once.
 * @returns null if another server has it
 */
export async function lockGroup(client: ClientBase, { service, group }: DueGroup): Promise<LockedGroup | null> {
  const lock = await client.query<{ locked: boolean }>({
    name: 'lock-group',
    text: 'select pg_try_advisory_xact_lock($1) as locked',
    values: [lockKey('group', service, group)],
  });
  if (lock.rows[0]?.locked !== true) return null;
  const { rows } = await client.query<{ key: string; isAi: boolean; content: PendingContent; ageMs: number }>({
    name: 'read-group',
    text: `
      select trace_id || ':' || span_id || ':' || part as key, is_ai as "isAi", content,
        (extract(epoch from clock_timestamp() - received_at) * 1000)::double precision as "ageMs"
      from pending_span
      where service = $1 and group_id = $2`,
    values: [service, group],
  });
  const ages = rows.map(({ ageMs }) => ageMs);
  return { items: rows, ageMs: Math.max(0, ...ages), quietMs: Math.min(...ages) };
}

/** Deletes the items that were read, and no others: more may have arrived since. */
export async function deletePending(
  client: ClientBase,
  { service, group }: DueGroup,
  keys: readonly string[],
): Promise<void> {
  await client.query({
    name: 'delete-pending',
    text: `
      delete from pending_span
      where service = $1 and group_id = $2 and trace_id || ':' || span_id || ':' || part = any($3::text[])`,
    values: [service, group, textArray(keys)],
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
