/** The worker's schedule as cron patterns in Asia/Tokyo. */
export { timeZone } from './day.ts';

export const schedules = {
  /** All missing days, and the last seven days again. */
  nightly: '0 2 * * *',
  /** Days that a failed night left out. */
  catchUp: '37 * * * *',
  /** After the nightly rollup; the later hours retry a failed night. */
  retention: '11 3-23 * * *',
  verification: '41 3-23 * * *',
  reconciliation: '17 3-23 * * *',
  judge: '* * * * *',
  probe: '* * * * *',
  scoreValidation: '*/10 * * * *',
  embeddings: '* * * * *',
  /** Each source's row defines whether it is due. */
  sourceSync: '* * * * *',
  sourceHealth: '*/5 * * * *',
  tidy: '23 * * * *',
} as const;
