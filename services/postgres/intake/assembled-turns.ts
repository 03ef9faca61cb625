/** The table assembled_turn: what was assembled within a day, to recognise late spans, repeats and double reports. */
import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { AssembledTurn } from '../../intake/spans/assemble.ts';
import type { KnownTurn } from '../../intake/spans/complete-group.ts';
import type { TurnNotes } from '../../intake/spans/notes.ts';
import { textArray } from '../client/encoding.ts';
import { type DueGroup, lockKey } from './pending-spans.ts';

export async function readKnownTurns(client: ClientBase, { service, group }: DueGroup): Promise<readonly KnownTurn[]> {
  const { rows } = await client.query<KnownTurn>({
    name: 'read-known-turns',
    text: `
      select trace_id as "traceId", root_span_id as "rootSpanId", span_ids as "spanIds", open_parents as "openParents"
      from assembled_turn
      where service = $1 and group_id = $2`,
    values: [service, group],
  });
  return rows;
}

/**
 * Whether another instrumentation has reported the same turn in a trace of its own: same answer at the same time, other
 * dialect. One instrumentation reports equal answers of different turns, so its own turns are never the same.
 *
 * Locks the answer for this transaction, so that of two reports at once the second one sees the first.
 */
export async function isReportedElsewhere(client: ClientBase, assembled: AssembledTurn): Promise<boolean> {
  const { turn } = assembled;
  const fingerprint = fingerprintOf(assembled);
  await client.query({
    name: 'lock-fingerprint',
    text: 'select pg_advisory_xact_lock($1)',
    values: [lockKey('answer', turn.service, fingerprint)],
  });
  const { began, ended } = periodOf(assembled);
  const { rowCount } = await client.query({
    name: 'find-same-turn',
    text: `
      select from assembled_turn
      where service = $1 and fingerprint = $2 and dialect <> $3 and trace_id <> $4
        and began_at <= $6 and ended_at >= $5
      limit 1`,
    values: [turn.service, fingerprint, turn.dialect, turn.traceId, began, ended],
  });
  return (rowCount ?? 0) > 0;
}

export async function insertAssembled(
  client: ClientBase,
  group: string,
  assembled: AssembledTurn,
  notes: TurnNotes,
): Promise<void> {
  const { turn, spanIds, openParents } = assembled;
  const { began, ended } = periodOf(assembled);
  await client.query({
    name: 'insert-assembled-turn',
    text: `
      insert into assembled_turn (
        service, trace_id, root_span_id, group_id, span_ids, open_parents, dialect, fingerprint, began_at, ended_at, notes
      )
      values ($1, $2, $3, $4, $5::text[], $6::text[], $7, $8, $9, $10, $11)
      on conflict do nothing`,
    values: [
      turn.service,
      turn.traceId,
      turn.rootSpanId,
      group,
      textArray(spanIds),
      textArray(openParents),
      turn.dialect,
      fingerprintOf(assembled),
      began,
      ended,
      JSON.stringify(notes),
    ],
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
