/** Runs the daily rollup of a game-day stack, or makes it fail. */
import { randomUUID } from 'node:crypto';
import { commandRetry, createRollDay } from '../../services/jobs/leased-job.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { addDays, dayOf } from '../../services/rollup/day.ts';

export type Rollup = {
  /** Like the nightly run; a failure is recorded in the job ledger. */
  readonly run: () => Promise<void>;
  readonly rejectRows: () => Promise<void>;
  readonly acceptRows: () => Promise<void>;
};

/** @param url the owner's */
export function gamedayRollup(url: string): Rollup {
  const constraint = 'gameday_rejects_rows';
  const asOwner = async (sql: string) => {
    const pool = connect(url, { name: 'rag-gameday', max: 1 });
    try {
      await pool.query(sql);
    } finally {
      await pool.end();
    }
  };
  return {
    async run() {
      const pool = connect(url, { name: 'rag-gameday', role: 'rag_worker', max: 2 });
      try {
        const signal = new AbortController().signal;
        const yesterday = addDays(dayOf(new Date()), -1);
        await createRollDay(pool, commandRetry)(yesterday, { runId: randomUUID(), since: null, signal });
      } finally {
        await pool.end();
      }
    },
    // `not valid` leaves the existing rows alone.
    rejectRows: () => asOwner(`alter table rag_metrics_history add constraint ${constraint} check (false) not valid`),
    acceptRows: () => asOwner(`alter table rag_metrics_history drop constraint if exists ${constraint}`),
  };
}
