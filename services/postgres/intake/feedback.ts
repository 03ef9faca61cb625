/** Votes on external turns: they are kept until their turn arrives, and applied when both are there. */
import type { ClientBase, Pool } from 'pg';
import { turnKeyOfId } from '../../intake/turn-key.ts';
import { orUnavailable } from '../client/errors.ts';
import { asService } from '../client/transaction.ts';

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
    asService(pool, service, (client) => apply(client, service, [{ name, ids, traceId: name }])),
  );
  return applied > 0 ? 'applied' : 'pending';
}

/** Applies the votes that arrived before their turn. @param references names by which votes may call the turn `id` */
export async function settleFeedback(
  pool: Pool,
  { service, id, references }: { service: string; id: string; references: readonly string[] },
): Promise<void> {
  const wanted = references.map((reference) => ({ name: reference.toLowerCase(), ids: [id], traceId: null }));
  await orUnavailable(asService(pool, service, (client) => apply(client, service, wanted)));
}

type Wanted = { readonly name: string; readonly ids: readonly string[]; readonly traceId: string | null };

/** @returns the number of turns that were voted on */
async function apply(client: ClientBase, service: string, wanted: readonly Wanted[]): Promise<number> {
  const { rows } = await client.query<{ turns: number }>({
    name: 'apply-feedback',
    text: `
      with wanted as (
        select pending.reference, pending.vote, wanted.ids, wanted.trace_id
        from jsonb_to_recordset($2::jsonb) as wanted (name text, ids jsonb, trace_id text)
        join rag_pending_feedback pending on pending.service = $1 and pending.reference = wanted.name
        for update of pending
      ), turn as (
        select dialogue.id, wanted.reference, wanted.vote
        from wanted
        cross join lateral (
          select id from ai_dialogue_log
          where id in (select value::uuid from jsonb_array_elements_text(wanted.ids)) and service = $1
          union
          select id from ai_dialogue_log
          where trace_id = wanted.trace_id and service = $1 and service <> 'rag-chat'
        ) as dialogue
      ), voted as (
        update ai_dialogue_log set user_feedback = turn.vote from turn where ai_dialogue_log.id = turn.id
        returning 1
      ), used as (
        delete from rag_pending_feedback
        where service = $1 and reference in (select reference from turn)
      )
      select count(*)::integer as turns from voted`,
    values: [service, JSON.stringify(wanted.map(({ name, ids, traceId }) => ({ name, ids, trace_id: traceId })))],
  });
  return rows[0]?.turns ?? 0;
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
