/** Default operational limits: alert thresholds without an objective, each with the reason for its value. slo.yaml can change them. */

export const defaultLimits = {
  /** Capacity in answers per day, for the plan that dashboards show without a daily budget. No alert. */
  answersPerDay: 10_000,
  /**
   * Spend over 24 hours compared with the usual: the day that nine of ten in four weeks do not exceed, once there are `days`. `least`
   * is the excess in yen below which the difference does not matter, `budgetCritical` the multiple of the daily budget that pages.
   */
  spend: { warning: 3, critical: 20, least: { warning: 1_000, critical: 10_000 }, days: 7, budgetCritical: 1.5 },
  /** A restarting process is back before this. */
  processDownFor: '2m',
  /**
   * A queued answer fails after 15 s (RECORD_DEADLINE), so no answer is pending this long while records are written. The window
   * holds two samples even with a scrape interval of one minute.
   */
  recordStalled: { window: '2m', for: '1m' },
  /** Counters are scraped while they change, which makes short imbalances normal. A lost record stays lost. */
  recordImbalanceFor: '2m',
  /** Window for counting rejected records. */
  recordRejected: '15m',
  /** Share of citations whose excerpt is not in the cited source: the model fabricates sources. */
  invalidCitations: { share: 0.2, long: '6h', short: '30m' },
  /** Share of questions that the model's side rejects. A single user who tries the content filter stays below it. */
  rejectedQuestions: { share: 0.05, long: '1h', short: '15m' },
  /**
   * Share of questions that were searched by words only because the embeddings server failed, and failed runs of the job that embeds
   * passages. A restart is shorter.
   */
  embeddingsUnreachable: { share: 0.5, window: '5m', least: 5, for: '5m', failedRuns: 3 },
  /** Share of judgements that fail. A judge that fails on one odd answer stays below it. */
  failedJudgements: { share: 0.5, long: '1h', short: '15m' },
  /**
   * Shares without an objective: what is usual, as a part of the limit, and the accepted share of days on which random variation
   * alone would fire one of these alerts.
   */
  chance: { usual: 0.5, falseAlerts: 0.0002 },
  /** With this many questions a week and two weeks ago, random variation does not explain none at all. */
  noTraffic: { window: '30m', least: 30 },
  /** Compared with the same hour a week and two weeks ago. Half an hour spares a short break. */
  trafficDrop: { window: '1h', least: 100, share: 0.3, for: '30m' },
  /** Clients that leave before the answer ends. Users who stop an answer stay below it. */
  leftQuestions: { share: 0.3, long: '1h', short: '15m', least: 30 },
  /** 4xx: invalid tokens, rate limits, invalid questions. */
  refusedQuestions: { share: 0.5, long: '1h', short: '15m', least: 30 },
  /** Share of "not found" replies. Beyond `critical`, the index is probably empty. */
  notFound: { warning: 0.5, critical: 0.9, long: '1h', short: '15m', least: 30 },
  downvotes: { share: 0.5, long: '1d', short: '6h', least: 30 },
  /** Sign-ins that fail on our side or that of the identity provider. */
  signIn: { share: 0.2, long: '15m', short: '5m', least: 10 },
  /** Failed questions of one server or model of several. */
  failingPart: { share: 0.2, window: '15m' },
  /**
   * The probe asks once a minute. `least` probes without a cited answer and none with one in `window` page; a `share` of those in
   * `longWindow` warns: a server of several fails alone.
   */
  probe: { window: '5m', least: 3, longWindow: '30m', share: 0.2, refused: 3, silent: '10m' },
  /** Uncited answers of one model, and the accepted share of days with a false alert. */
  uncitedModel: { share: 0.5, long: '6h', short: '1h', falseAlerts: 0.00001 },
  /**
   * Fewer replicas than this share of the most in the window, or than in all but `seldom` of the last day: autoscaling returns to
   * counts that it had before, and a deployment dips for minutes.
   */
  vanished: { share: 0.5, window: '6h', seldom: 0.05, for: '5m' },
  /** A deployment restarts a process once. */
  crashLoop: { window: '30m', restarts: 3 },
  missingInputFor: '1h',
  /** How far back a target counts as one that was there. */
  seenBefore: '1d',
  /** Window for counting failed writes of Prometheus. */
  storage: '1h',
  /** A trace is assembled within five minutes, and exporters send every few seconds. */
  spansWithoutTurns: '30m',
  /** Counts of a restarted server are lost since the last scrape, so a share and a number of spans are tolerated. */
  spanBalance: { window: '30m', share: 0.1, least: 200 },
  unpriced: '1h',
  /** Model providers change prices about twice a year, exchange rates change more often. */
  pricesAgeDays: 180,
  /** A delay of one day keeps the alert quiet while a new model is being set up. The log warns at once. */
  pricesOutOfDateFor: '1d',
  /**
   * Accepted difference between Prometheus and the database for one day, as a share and as a minimum number of items: a killed
   * process loses up to 15 s of counts, and questions around midnight may count for the next day. A day on which Prometheus
   * missed more than `unwatched` is not compared. The comparison runs every hour.
   */
  reconciliation: { share: 0.01, minItems: 20, unwatched: '1h', failedRuns: 2 },
  /** The first rollup runs within a day. */
  rollupNeverRanFor: '26h',
  /** Content counts as overdue one day after it expired, so a short delay is enough. */
  retentionOverdueFor: '1h',
  /** A shorter outage is usually a restart. Ingested content stays available. */
  sourceDownFor: '30m',
  /** A failed sync is retried every 15 minutes. This late, every retry failed or no worker runs. */
  sourceOverdue: '6h',
  /** Window for counting questions that failed because of the database. */
  databaseFailures: '2m',
  /** Seconds. The longest expected statement, the rollup's, is cancelled after 120 s. */
  slowTransaction: 180,
  /** Seconds. A question's statements time out after 5 s, so questions fail behind such a lock. */
  lockWait: 10,
  /** Share of max_connections. The rest is needed for investigation. */
  connections: { warning: 0.8, critical: 0.95 },
  /** Share of the Collector's queue. Data that does not fit is lost. */
  collectorQueue: 0.8,
  collectorLoss: '10m',
  /**
   * A quality score separates right from wrong answers if the interval of its AUC is above chance. With fewer votes, the interval is
   * wide and says little. Votes of a day may come from a few users.
   */
  scores: { chance: 0.5, fewestVotes: 100, notSeparatingFor: '30m' },
  /** Share of answers with a vote. Below it, votes represent few users. Shown on dashboards, no alert. */
  votedOn: 0.1,
  /** Share of indexes in use. An unused index slows down every insert. Shown on dashboards, no alert. */
  indexesUsed: 0.8,
} as const;
