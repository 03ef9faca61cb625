/** Statements on health checks of sources. */
import type { Pool } from 'pg';
import type { Health } from '../../provenance/source.ts';

/**
 * Lets only one of several workers check a source's health.
 * @returns whether the caller should check: no worker has started a check within `everyMs`
 */
export async function claimHealthCheck(
  pool: Pool,
  { source, everyMs }: { source: string; everyMs: number },
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'claim-health-check',
    text: `
      update plugin_registry set last_health_check = now()
      where source = $1
        and (last_health_check is null or last_health_check <= now() - $2::integer * interval '1 millisecond')`,
    values: [source, everyMs],
  });
  return rowCount === 1;
}

/** Stores the result of an administrator's health check. */
export async function reportHealth(pool: Pool, source: string, { status, latencyMs, error }: Health): Promise<void> {
  await pool.query({
    name: 'report-health',
    text: 'select rag_write_source_health($1, $2, $3, $4)',
    values: [source, status, Math.round(latencyMs), error],
  });
}

/** Stores the result of a worker's health check. */
export async function writeHealth(pool: Pool, source: string, { status, latencyMs, error }: Health): Promise<void> {
  await pool.query({
    name: 'write-health',
    text: `
      update plugin_registry
      set last_health_check = now(), health_status = $2, health_latency_ms = $3, health_error = $4
      where source = $1`,
    values: [source, status, Math.round(latencyMs), error],
  });
}
