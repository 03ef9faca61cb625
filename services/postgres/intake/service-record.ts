/** Reads what an application sent lately, for `services doctor`. No text of users is read. */
import type { Pool } from 'pg';
import type { RefusedRequests, ServiceRecord } from '../../intake/doctor/diagnose.ts';
import type { TurnNotes } from '../../intake/spans/notes.ts';

const latestTurns = 20;

/** Null: there is no such service. */
export async function readServiceRecord(pool: Pool, service: string): Promise<ServiceRecord | null> {
  const [keys, turns, notes, pending, refused] = await Promise.all([
    pool.query<{ known: boolean; valid: number; lastUsedAt: Date | null }>(
      `select
         exists (select from rag_service where name = $1 and name <> 'rag-chat' and removed_at is null) as known,
         count(id) filter (where revoked_at is null) as valid, max(last_used_at) as "lastUsedAt"
       from rag_service_key where service = $1`,
      [service],
    ),
    pool.query<ServiceRecord['turns'][number]>(
      `select * from (
         (select id::text, created_at as at, outcome::text, intake from ai_dialogue_log
          where service = $1 order by created_at desc, id limit $2)
         union all
         (select id::text, at, 'failed', intake from chat_failure where service = $1 order by chat_failure.at desc limit $2)
       ) as turn order by at desc limit $2`,
      [service, latestTurns],
    ),
    pool.query<{ notes: TurnNotes }>(
      'select notes from assembled_turn where service = $1 order by assembled_at desc limit $2',
      [service, latestTurns],
    ),
    pool.query<{ spans: number; seconds: number | null }>(
      `select count(*) filter (where is_ai) as spans,
         extract(epoch from clock_timestamp() - min(received_at))::double precision as seconds
       from pending_span where service = $1`,
      [service],
    ),
    pool.query<RefusedRequests>(
      // A wrong path is refused before the key is looked up, so its prefix names the service.
      `select coalesce(key.service, refused.service) as service, key_prefix as "keyPrefix", path, reason, count, last_at as "lastAt"
       from refused_request refused
       left join (select distinct service, prefix from rag_service_key) as key
         on refused.service = '' and key.prefix = key_prefix and reason <> '401'
       where coalesce(key.service, refused.service) in ($1, '') and last_at > clock_timestamp() - interval '1 day'
       order by 1 desc, last_at desc limit 10`,
      [service],
    ),
  ]);
  const [key] = keys.rows;
  if (key?.known !== true) return null;
  return {
    service,
    keyLastUsedAt: key.lastUsedAt,
    validKeys: key.valid,
    turns: turns.rows,
    notes: notes.rows.map((row) => row.notes),
    pendingSpans: pending.rows[0]?.spans ?? 0,
    oldestPendingSeconds: pending.rows[0]?.seconds ?? null,
    refused: refused.rows,
  };
}
