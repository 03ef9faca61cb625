/** Writes what an administrator's check of a source's health found. */
import type { Pool } from 'pg';
import type { Health } from '../provenance/source.ts';

export async function tellHealth(pool: Pool, source: string, { status, latencyMs, error }: Health): Promise<void> {
  await pool.query({
    name: 'tell-health',
    text: 'select rag_write_source_health($1, $2, $3, $4)',
    values: [source, status, Math.round(latencyMs), error],
  });
}
