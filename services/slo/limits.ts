/** The limits of operation: what nobody promised, and somebody has to hear of. Each says why it is what it is. */

export const limits = {
  /** Answers a day that the house is made for: as many, at the cost that warns, are what a day may cost. */
  answersPerDay: 10_000,
  /** A process that restarts is back before this. */
  processDownFor: '2m',
  /**
   * Answers that wait are given up after 15 s (RECORD_DEADLINE), so nothing waits this long while records are written. The window
   * holds two samples even where Prometheus scrapes once a minute.
   */
  recordStalled: { window: '2m', for: '1m' },
  /** The account is read while it changes; what is really lost stays lost. */
  recordImbalanceFor: '2m',
  /** Rejected records are told of for as long. */
  recordRejected: '15m',
  /** Share of citations whose excerpt does not stand in its source: a model that makes up sources. */
  invalidCitations: { share: 0.2, long: '6h', short: '30m' },
  unpriced: '1h',
  /** Makers of models change their prices about twice a year, currencies more often. */
  pricesAgeDays: 180,
  /** Prices that old are told of a day later, not in the first hour of somebody who names a model; the log tells at once. */
  pricesOutOfDateFor: '1d',
  /**
   * What Prometheus counted of a day and what is stored may differ by a share of what is stored, and by a few: a program that is
   * killed takes what it counted in the last 15 s with it, and what is asked at midnight is counted after it. More than the
   * hour of a day without Prometheus, and nothing is compared. The comparison is tried every hour.
   */
  reconciliation: { share: 0.01, minItems: 20, unwatched: '1h', failedRuns: 2 },
  /** A first run of the rollup comes within a day. */
  rollupNeverRanFor: '26h',
  /** Content that should be gone is counted as overdue a day after it should be; nothing is left of that day to wait for. */
  retentionOverdueFor: '1h',
  /** A source that is away for less is a source that restarts; what was taken in of it is there. */
  sourceDownFor: '30m',
  /** A sync that failed is tried again every quarter of an hour: this late, it failed again and again, or no worker runs. */
  sourceOverdue: '6h',
  /** Seconds. The longest statement that is meant to be long, the rollup's, is ended after 120 s. */
  slowTransaction: 180,
  /** Seconds. Statements of a question are ended after 5 s, so behind such a lock questions fail. */
  lockWait: 10,
  /** Share of max_connections; the last ones are needed to look. */
  connections: { warning: 0.8, critical: 0.95 },
  /** Share of the Collector's queue; what does not fit is lost. */
  collectorQueue: 0.8,
  collectorLoss: '10m',
  /** Share of answers that are voted on; with fewer, votes tell of those who vote. Boards show it, nobody is told. */
  votedOn: 0.1,
  /** Share of indexes that are used; one that is not costs each insert. Boards show it, nobody is told. */
  indexesUsed: 0.8,
} as const;
