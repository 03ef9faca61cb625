/** Computes a day and writes its row, together with the success of its run, in one transaction. */
import pg, { type Pool } from 'pg';
import { addDays, type Day, startOf } from '../rollup/day.ts';
import { type PeriodMetrics, verdict } from '../rollup/period-metrics.ts';
import { LeaseLost } from '../rollup/roll-day.ts';
import { succeedJobRun } from './job-run-succeed.ts';
import { measurePeriod } from './measure-period.ts';
import { upsertRagMetrics } from './upsert-rag-metrics.ts';

/**
 * The lease is asked for last, in the same transaction: a worker that had been taken over while it computed writes nothing.
 * @throws {LeaseLost}
 */
export async function rollUpDay(
  pool: Pool,
  day: Day,
  run: { leaseId: string; attempts: number },
): Promise<PeriodMetrics> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const metrics = await measurePeriod(client, { from: startOf(day), to: startOf(addDays(day, 1)) });
    await upsertRagMetrics(client, day, metrics, verdict(metrics));
    if (!(await succeedJobRun(client, run.leaseId, { attempts: run.attempts, rowsWritten: 1 }))) throw new LeaseLost();
    await client.query('commit');
    return metrics;
  } catch (error) {
    // Only a server that answered can roll back at once; a connection that timed out or broke is closed, which does it too.
    if (error instanceof LeaseLost || isAnswer(error)) await client.query('rollback').catch(close);
    else close(error);
    throw error;
  } finally {
    client.release(broken);
  }

  function close(error: unknown): void {
    broken = error instanceof Error ? error : new Error('the connection is in an unknown state');
  }
}

function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError;
}
