/** Sees to it that of several workers one checks a source's health. */
import type { Pool } from 'pg';

/** @returns whether the check is the caller's: nobody has begun one for so many milliseconds */
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
