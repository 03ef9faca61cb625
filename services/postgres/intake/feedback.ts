/** Votes on external turns: they are kept until their turn arrives, and applied when both are there. */
import type { ClientBase, Pool } from 'pg';
import { groupCalls } from '../../intake/group-calls.ts';
import { turnKeyOfId } from '../../intake/turn-key.ts';
import { orUnavailable } from '../client/errors.ts';
import { asService, asServiceAtOnce } from '../client/transaction.ts';

export type Vote = -1 | 0 | 1;

const isUuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/**
 * Stores a vote, then applies it if its turn is there. Two transactions: a turn that is committed in between finds the vote.
 * @param reference our id of the turn, the application's id or the trace id, which names all turns of the trace
 * @returns 'pending': the turn has not arrived, the vote waits for it
 */
export async function voteOnTurn(
  pool: Pool,
  { service, reference, vote }: { service: string; reference: string; vote: Vote },
): Promise<'applied' | 'pending'> {
  const name = reference.toLowerCase();
  await orUnavailable(
    asService(pool, service, (client) =>
      client.query({
        name: 'store-feedback',
        text: `
          insert into rag_pending_feedback (service, reference, vote) values ($1, $2, $3)
          on conflict (service, reference) do update set vote = excluded.vote, received_at = now()`,
        values: [service, name, vote],
      }),
    ),
  );
  const ids = [turnKeyOfId(service, reference), ...(isUuid.test(reference) ? [reference] : [])];
  const applied = await orUnavailable(
    asService(pool, service, (client) => apply(client, service, { reference: name, ids, traceId: name })),
  );
  return applied > 0 ? 'applied' : 'pending';
}

type Recorded = { readonly service: string; readonly id: string; readonly references: readonly string[] };

/**
 * After a turn was recorded: reads which report made its row, and applies the votes that arrived before it. Turns of one service
 * that arrive together are settled together.
 */
export function createSettleTurn(pool: Pool): (turn: Recorded) => Promise<string | null> {
  return groupCalls(
    ({ service }: Recorded) => service,
    async (service, turns) => {
      const ids = turns.map(({ id }) => id);
      const names = new Map(
        turns.flatMap(({ id, references }) => references.map((reference) => [reference.toLowerCase(), id] as const)),
      );
      const [reports, waiting] = await orUnavailable(
        asServiceAtOnce(pool, service, (client) =>
          Promise.all([readReports(client, service, ids), readPending(client, service, [...names.keys()])]),
        ),
      );
      for (const reference of waiting) {
        const id = names.get(reference) ?? '';
        await orUnavailable(
          asService(pool, service, (client) => apply(client, service, { reference, ids: [id], traceId: null })),
        );
      }
      return ids.map((id) => reports.get(id) ?? null);
    },
  );
}

/** Votes are rarely earlier than their turn, so this is all that is usually read. */
async function readPending(
  client: ClientBase,
  service: string,
  references: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ reference: string }>({
    name: 'read-pending-feedback',
    text: 'select reference from rag_pending_feedback where service = $1 and reference = any ($2)',
    values: [service, references],
  });
  return rows.map(({ reference }) => reference);
}

async function readReports(
  client: ClientBase,
  service: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await client.query<{ id: string; report: string | null }>({
    name: 'read-reports',
    text: `select id, intake ->> 'report' as report from ai_dialogue_log where id = any ($1) and service = $2`,
    values: [ids, service],
  });
  return new Map(rows.map(({ id, report }) => [id, report]));
}

type Wanted = { readonly reference: string; readonly ids: readonly string[]; readonly traceId: string | null };

/** Statements by key, because a join would read the whole table. @returns the number of turns that were voted on */
async function apply(client: ClientBase, service: string, { reference, ids, traceId }: Wanted): Promise<number> {
  const { rows } = await client.query<{ vote: Vote }>({
    name: 'lock-pending-feedback',
    text: 'select vote from rag_pending_feedback where service = $1 and reference = $2 for update',
    values: [service, reference],
  });
  const [pending] = rows;
  // Another server has just applied it.
  if (pending === undefined) return 1;
  const { rowCount: byId } = await client.query({
    name: 'vote-by-id',
    text: 'update ai_dialogue_log set user_feedback = $3 where id = any ($2) and service = $1',
    values: [service, ids, pending.vote],
  });
  const { rowCount: byTrace } = await client.query({
    name: 'vote-by-trace',
    text: `
      update ai_dialogue_log set user_feedback = $3
      where service = $1 and service <> 'rag-chat' and trace_id = $2 and trace_id is not null`,
    values: [service, traceId, pending.vote],
  });
  const voted = (byId ?? 0) + (byTrace ?? 0);
  if (voted > 0) {
    await client.query({
      name: 'delete-pending-feedback',
      text: 'delete from rag_pending_feedback where service = $1 and reference = $2',
      values: [service, reference],
    });
  }
  return voted;
}

/** @returns the number of votes whose turn never arrived */
export async function deleteOldFeedback(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-feedback',
    text: 'delete from rag_pending_feedback where received_at < $1',
    values: [before],
  });
  return rowCount ?? 0;
}
