/** Measures each SQL query of each dashboard, as Grafana runs it at the end of the year. */

import { existsSync, readFileSync } from 'node:fs';
import { busyDay } from '../../bench/year/plan.ts';
import { allDashboards } from '../../dashboards/all-dashboards.ts';
import { defaultContext } from '../../dashboards/context.ts';
import { startOf } from '../../services/rollup/day.ts';
import { type DashboardJson, spanOf, sqlIn, type Target } from '../dashboards/dashboard-json.ts';
import type { TimeRange } from '../dashboards/expand-query.ts';
import { connectAsGrafana, type GrafanaConnection } from '../dashboards/query-postgres.ts';

/** After the last full day, before the day with ten times as many questions. */
const now = startOf(busyDay);
const runs = 7;

/**
 * @param superuserUrl the URL of a superuser, which assumes the role of Grafana
 * @param limit in milliseconds
 * @returns one line per query over the limit
 * @throws {Error} if a query fails
 */
export async function timeQueries(superuserUrl: string, limit: number): Promise<readonly string[]> {
  // Without parallel workers, whose processor time would be missing.
  const reader = await connectAsGrafana(superuserUrl, ['set max_parallel_workers_per_gather = 0']);
  const slow: string[] = [];
  const seen = new Set<string>();
  try {
    for (const dashboard of allDashboards(defaultContext()).map((each) => each as unknown as DashboardJson)) {
      for (const { where, target } of sqlIn(dashboard)) {
        if (seen.has(target.rawSql ?? '')) continue;
        seen.add(target.rawSql ?? '');
        const { ms, rows } = await measure(reader, dashboard, target);
        const line = `${ms.toFixed(1).padStart(8)} ms ${String(rows).padStart(5)} rows  ${dashboard.title}: ${where}`;
        console.log(line);
        if (ms > limit) slow.push(line.trim());
      }
    }
  } finally {
    await reader.end();
  }
  console.log(`\n${seen.size} queries`);
  return slow;
}

/**
 * The minimum of several runs, in processor time of the server process (Linux), which excludes other load of the machine.
 * Other systems do not report it, so there it is wall-clock time.
 */
async function measure(
  reader: GrafanaConnection,
  dashboard: DashboardJson,
  target: Target,
): Promise<{ ms: number; rows: number }> {
  const range: TimeRange = { from: new Date(now.getTime() - spanOf(dashboard)), to: now, step: 3_600, rate: 3_600 };
  const query = {
    ...target,
    rawSql: (target.rawSql ?? '').replaceAll(/\bnow\(\)/g, `timestamptz '${now.toISOString()}'`),
  };
  let minimum = Number.POSITIVE_INFINITY;
  let rows = 0;
  for (let run = 0; run < runs; run += 1) {
    const before = processorTimeMs(reader.pid);
    const result = await reader.query(dashboard, query, range);
    if ('error' in result) throw new Error(`${dashboard.title}: ${result.error}`);
    const after = processorTimeMs(reader.pid);
    minimum = Math.min(minimum, before === null || after === null ? result.ms : after - before);
    rows = result.rows.length;
  }
  return { ms: minimum, rows };
}

function processorTimeMs(pid: number): number | null {
  const file = `/proc/${pid}/schedstat`;
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : null;
}
