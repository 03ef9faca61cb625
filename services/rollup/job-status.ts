/** What the ledger tells about a job's runs; a run is one night or one command, and fails if one of its days does. */

export type JobStatus = {
  /** Null: it never has. */
  readonly lastSuccessAt: Date | null;
  readonly lastRunAt: Date | null;
  /** Of the last finished run. */
  readonly lastDurationSeconds: number | null;
  /** Rows written by the last finished run. */
  readonly rowsWritten: number | null;
  /** Finished runs in a row, up to the latest, that failed. */
  readonly consecutiveFailures: number;
  readonly succeededRuns: number;
  readonly failedRuns: number;
};
