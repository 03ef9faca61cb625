/** Writes what a check of a source's health found. */
import type { Pool } from 'pg';
import type { Health } from '../provenance/source.ts';

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
