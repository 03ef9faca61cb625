/** The status of a job's runs. A run is one night or one command, and fails if one of its days fails. */

export type JobStatus = {
  /** Null: never. */
  readonly lastSuccessAt: Date | null;
  readonly lastRunAt: Date | null;
  /** Of the last finished run. */
  readonly lastDurationSeconds: number | null;
  /** Rows written by the last finished run. */
  readonly rowsWritten: number | null;
  /** Failed runs in a row, up to the latest finished one. */
  readonly consecutiveFailures: number;
  readonly succeededRuns: number;
  readonly failedRuns: number;
};
