/** Rolls up every day of the year, as `cli -- rollup --from --to` does. */
import { runRollup } from '../../services/commands/operations/rollup.ts';
import type { Pool } from '../../services/postgres/client/connect.ts';
import { firstDay, lastDay } from './plan.ts';

/** @returns how long it took, in seconds */
export async function backfill(pool: Pool): Promise<number> {
  let report = '';
  const terminal = {
    columns: undefined,
    write(text: string) {
      report += text;
    },
  };
  const startedAt = performance.now();
  const flags = { from: firstDay, to: lastDay };
  const signal = new AbortController().signal;
  const code = await runRollup(flags, { pool, terminal, now: () => new Date(), signal });
  if (code !== 0) throw new Error(report.trimEnd().split('\n').slice(-2).join('\n'));
  return (performance.now() - startedAt) / 1_000;
}
