/** Statements on the rag_service table: add, list, configure, remove. */
import type { Pool } from 'pg';
import type { Mask } from '../../intake/mask-texts.ts';
import type { ServiceSettings } from '../../intake/service.ts';
import { anonymousUserKey } from '../../intake/turn-key.ts';
import { asServiceAtOnce } from '../client/transaction.ts';

const settings = `
  service.name, service.requests_per_minute as "requestsPerMinute", service.no_answer_phrases as "noAnswerPhrases",
  service.masks`;

/** Null: unknown, removed, or the built-in one, which records its own turns. */
export async function findService(pool: Pool, name: string): Promise<ServiceSettings | null> {
  const { rows } = await asServiceAtOnce(pool, name, (client) =>
    client.query<ServiceSettings>({
      name: 'find-service',
      text: `
        select ${settings}, exists (select from rag_service_document where service = $1) as "hasRegister"
        from rag_service service
        where name = $1 and name <> 'rag-chat' and removed_at is null`,
      values: [name],
    }),
  );
  return rows[0] ?? null;
}

export type ServiceRow = Omit<ServiceSettings, 'hasRegister'> & {
  readonly createdAt: Date;
  readonly removedAt: Date | null;
  /** Keys that are not revoked. */
  readonly keys: number;
};

/** Sorted by name, `rag-chat` and removed ones included. */
export async function listServices(pool: Pool): Promise<readonly ServiceRow[]> {
  const { rows } = await pool.query<ServiceRow>(`
    select ${settings}, service.created_at as "createdAt", service.removed_at as "removedAt", (
      select count(id)::integer from rag_service_key where service = service.name and revoked_at is null
    ) as keys
    from rag_service service
    order by name`);
  return rows;
}

/** Names of services that are not removed, the built-in one first. */
export async function readServiceNames(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>({
    name: 'read-service-names',
    text: `select name from rag_service where removed_at is null order by name <> 'rag-chat', name`,
  });
  return rows.map(({ name }) => name);
}

/** Adds a service, or brings a removed one back. @returns false if there is one of this name */
export async function addService(pool: Pool, name: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into rag_service as known (name, anonymous_id) values ($1, $2)
     on conflict (name) do update set removed_at = null where known.removed_at is not null`,
    [name, anonymousUserKey(name)],
  );
  return rowCount === 1;
}

export type ServiceChange = {
  readonly requestsPerMinute?: number | undefined;
  readonly noAnswerPhrases?: readonly string[] | undefined;
  readonly masks?: readonly Mask[] | undefined;
};

/** Omitted settings keep their value. @returns false if there is no such service */
export async function changeService(pool: Pool, name: string, change: ServiceChange): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update rag_service set
       requests_per_minute = coalesce($2, requests_per_minute),
       no_answer_phrases = coalesce($3, no_answer_phrases),
       masks = coalesce($4::jsonb, masks)
     where name = $1 and name <> 'rag-chat' and removed_at is null`,
    [
      name,
      change.requestsPerMinute ?? null,
      change.noAnswerPhrases ?? null,
      change.masks === undefined ? null : JSON.stringify(change.masks),
    ],
  );
  return rowCount === 1;
}

/** Its keys stop working; its turns stay until retention or erasure deletes them. @returns false if there is no such service */
export async function removeService(pool: Pool, name: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with revoked as (
       update rag_service_key set revoked_at = now() where service = $1 and revoked_at is null
     )
     update rag_service set removed_at = now() where name = $1 and name <> 'rag-chat' and removed_at is null`,
    [name],
  );
  return rowCount === 1;
}
