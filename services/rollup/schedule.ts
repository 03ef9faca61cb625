/** When the worker does what: cron patterns, in Asia/Tokyo. */
export { timeZone } from './day.ts';

export const schedules = {
  /** The night's run: all that is missing, and the last seven days again. */
  nightly: '0 2 * * *',
  /** Between the nights: what a night that failed left undone. */
  catchUp: '37 * * * *',
  /** Once a night, when the rollup is over; the hours after it are for a night that failed. */
  retention: '11 3-23 * * *',
  verification: '41 3-23 * * *',
  reconciliation: '17 3-23 * * *',
  judge: '* * * * *',
  /** Which sources are due, their rows tell. */
  sourceSync: '* * * * *',
  sourceHealth: '*/5 * * * *',
  tidy: '23 * * * *',
} as const;
