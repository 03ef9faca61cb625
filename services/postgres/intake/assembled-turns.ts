/** The table assembled_turn: what was assembled within a day, to recognise late spans, repeats and double reports. */
import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { AssembledTurn } from '../../intake/spans/assemble.ts';
import type { NewlyAssembled } from '../../intake/spans/assemble-pending.ts';
import type { KnownTurn } from '../../intake/spans/complete-group.ts';
import { type GroupKey, groupText } from '../../intake/spans/waiting-groups.ts';
import { textArray } from '../client/encoding.ts';
import { lockKey } from './pending-spans.ts';

/** By service and group. */
export async function readKnownTurns(
  client: ClientBase,
  groups: readonly GroupKey[],
): Promise<(group: GroupKey) => readonly KnownTurn[]> {
  const { rows } = await client.query<KnownTurn & GroupKey>({
    name: 'read-known-turns',
    text: `
      select service, group_id as "group", trace_id as "traceId", root_span_id as "rootSpanId", span_ids as "spanIds",
        open_parents as "openParents"
      from assembled_turn
      where (service, group_id) in (select * from unnest($1::text[], $2::text[]))`,
    values: [textArray(groups.map(({ service }) => service)), textArray(groups.map(({ group }) => group))],
  });
  const known = Map.groupBy(rows, groupText);
  return (group) => known.get(groupText(group)) ?? [];
}

/**
 * The turns that another instrumentation has reported in a trace of its own: same answer at the same time, other dialect.
 * One instrumentation reports equal answers of different turns, so its own turns are never the same.
 *
 * Locks the answers for this transaction, so that of two reports at once the second one sees the first.
 */
export async function findReportedElsewhere(
  client: ClientBase,
  turns: readonly AssembledTurn[],
): Promise<ReadonlySet<AssembledTurn>> {
  if (turns.length === 0) return new Set();
  const facts = turns.map(factsOf);
  await client.query({
    name: 'lock-fingerprints',
    // In one order everywhere, so that two servers do not wait for each other.
    text: 'select pg_advisory_xact_lock(key::bigint) from (select distinct key from unnest($1::text[]) as key order by key) as lock',
    values: [textArray(facts.map(({ service, fingerprint }) => lockKey('answer', service, fingerprint)))],
  });
  const { rows } = await client.query<{ index: number }>({
    name: 'find-same-turns',
    text: `
      select distinct index::integer - 1 as index
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
        with ordinality as turn(service, fingerprint, dialect, trace_id, began, ended, index)
      join assembled_turn known on known.service = turn.service and known.fingerprint = turn.fingerprint
        and known.dialect <> turn.dialect and known.trace_id <> turn.trace_id
        and known.began_at <= turn.ended::timestamptz and known.ended_at >= turn.began::timestamptz`,
    values: [
      textArray(facts.map(({ service }) => service)),
      textArray(facts.map(({ fingerprint }) => fingerprint)),
      textArray(facts.map(({ dialect }) => dialect)),
      textArray(facts.map(({ traceId }) => traceId)),
      textArray(facts.map(({ began }) => began)),
      textArray(facts.map(({ ended }) => ended)),
    ],
  });
  const known = new Set(rows.map(({ index }) => index));
  const found = new Set<AssembledTurn>();
  facts.forEach((one, index) => {
    const turn = turns[index];
    const earlier = facts.slice(0, index).some((other) => isSame(other, one));
    if (turn !== undefined && (known.has(index) || earlier)) found.add(turn);
  });
  return found;
}

type Facts = ReturnType<typeof factsOf>;

function factsOf(assembled: AssembledTurn) {
  const { service, dialect, traceId } = assembled.turn;
  return { service, dialect, traceId: traceId ?? '', fingerprint: fingerprintOf(assembled), ...periodOf(assembled) };
}

function isSame(one: Facts, other: Facts): boolean {
  return (
    one.service === other.service &&
    one.fingerprint === other.fingerprint &&
    one.dialect !== other.dialect &&
    one.traceId !== other.traceId &&
    one.began <= other.ended &&
    one.ended >= other.began
  );
}

export async function insertAssembled(client: ClientBase, turns: readonly NewlyAssembled[]): Promise<void> {
  if (turns.length === 0) return;
  const rows = turns.map(({ group, assembled, notes }) => ({
    ...factsOf(assembled),
    group,
    rootSpanId: assembled.turn.rootSpanId,
    spanIds: assembled.spanIds,
    openParents: assembled.openParents,
    notes,
  }));
  await client.query({
    name: 'insert-assembled-turns',
    text: `
      insert into assembled_turn (
        service, trace_id, root_span_id, group_id, span_ids, open_parents, dialect, fingerprint, began_at, ended_at, notes
      )
      select service, "traceId", "rootSpanId", "group", "spanIds", "openParents", dialect, fingerprint, began, ended, notes
      from jsonb_to_recordset($1::jsonb) as turn(
        service text, "traceId" text, "rootSpanId" text, "group" text, "spanIds" text[], "openParents" text[], dialect text,
        fingerprint text, began timestamptz, ended timestamptz, notes jsonb
      )
      order by service, "traceId", "rootSpanId"
      on conflict do nothing`,
    values: [JSON.stringify(rows)],
  });
}

export async function purgeAssembled(pool: Pool): Promise<void> {
  await pool.query({
    name: 'purge-assembled-turns',
    text: `delete from assembled_turn where assembled_at < clock_timestamp() - interval '1 day'`,
  });
}

/** White space and marks may differ between what two instrumentations report. */
function fingerprintOf({ turn }: AssembledTurn): string {
  const text = (turn.answer ?? `${turn.error?.stage ?? ''} ${turn.question ?? ''} ${turn.rootSpanId}`)
    .replace(/\s+/g, ' ')
    .trim();
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function periodOf({ turn }: AssembledTurn): { readonly began: string; readonly ended: string } {
  const began = turn.askedAt;
  return {
    began: began.toISOString(),
    ended: new Date(began.getTime() + Math.ceil(turn.latencyMs ?? 0)).toISOString(),
  };
}
