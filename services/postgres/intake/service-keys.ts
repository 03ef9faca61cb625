/** Statements on the rag_service_key table, which holds the SHA-256 of keys. */
import type { Pool } from 'pg';

export type ServiceKeyRow = {
  readonly id: string;
  readonly service: string;
  readonly prefix: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
};

const columns = `id, service, prefix, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

/** @returns null if the service does not exist or is removed */
export async function addServiceKey(
  pool: Pool,
  { service, sha256, prefix }: { service: string; sha256: Buffer; prefix: string },
): Promise<ServiceKeyRow | null> {
  const { rows } = await pool.query<ServiceKeyRow>(
    `insert into rag_service_key (service, key_sha256, prefix)
     select name, $2, $3 from rag_service where name = $1 and name <> 'rag-chat' and removed_at is null
     returning ${columns}`,
    [service, sha256, prefix],
  );
  return rows[0] ?? null;
}

/** Newest first, revoked ones included. */
export async function listServiceKeys(pool: Pool, service: string): Promise<readonly ServiceKeyRow[]> {
  const { rows } = await pool.query<ServiceKeyRow>(
    `select ${columns} from rag_service_key where service = $1 order by created_at desc, id desc`,
    [service],
  );
  return rows;
}

/** @param except stays valid; null: all are revoked. @returns the number of revoked keys */
export async function revokeServiceKeys(
  pool: Pool,
  { service, id, except }: { service: string; id?: string; except?: string },
): Promise<number> {
  const { rowCount } = await pool.query(
    `update rag_service_key set revoked_at = now()
     where service = $1 and revoked_at is null and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3)`,
    [service, id ?? null, except ?? null],
  );
  return rowCount ?? 0;
}

export type FoundKey = { readonly id: string; readonly service: string; readonly requestsPerMinute: number };

/** Null: unknown or revoked. */
export async function findServiceKey(pool: Pool, sha256: Buffer): Promise<FoundKey | null> {
  const { rows } = await pool.query<FoundKey>({
    name: 'find-service-key',
    text: `
      select key.id, key.service, service.requests_per_minute as "requestsPerMinute"
      from rag_service_key key join rag_service service on service.name = key.service
      where key.key_sha256 = $1 and key.revoked_at is null and service.removed_at is null`,
    values: [sha256],
  });
  return rows[0] ?? null;
}

/** To the minute, so that a busy key does not write its row with every request. */
export async function markKeyUsed(pool: Pool, id: string): Promise<void> {
  await pool.query({
    name: 'mark-key-used',
    text: `
      update rag_service_key set last_used_at = now()
      where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    values: [id],
  });
}
