/** How alerts on promises are judged: over which windows, and how seldom one may be false. */

/** A breach has to show in both: the long window says that it matters, the short one that it goes on. */
export type WindowPair = {
  readonly long: string;
  readonly short: string;
  /** Share of the period's error budget whose spending within the long window is told; null: no burn rate is watched here. */
  readonly budgetShare: number | null;
};

export type AlertPolicy = {
  readonly pairs: readonly WindowPair[];
  /** The time over which an error budget is reckoned. */
  readonly period: string;
  /** Days with a false alarm among all days, all objectives together, while each is exactly at its target. */
  readonly falseAlerts: { readonly warning: number; readonly critical: number };
  /** Bad events in the long window, or events where a mean is promised, without which no alert fires: fewer are anecdotes. */
  readonly minEvents: number;
  /** How long a breach has to last. */
  readonly for: string;
  /** How long an alert stays after its breach is over, so that a few lucky answers do not end it. */
  readonly keepFiringFor: string;
  /** How often rules are evaluated; those of the period less often, because they read a month. */
  readonly interval: string;
  readonly periodInterval: string;
};

/**
 * The pairs are those of the SRE workbook (chapter 5, "Alerting on SLOs"). The shortest tells of a large breach within
 * minutes; the longer ones see enough events to judge a service that answers a hundred questions a day.
 */
export const alertPolicy: AlertPolicy = {
  pairs: [
    { long: '1h', short: '5m', budgetShare: 0.02 },
    { long: '6h', short: '30m', budgetShare: 0.05 },
    { long: '1d', short: '2h', budgetShare: 0.1 },
    { long: '3d', short: '6h', budgetShare: null },
  ],
  period: '30d',
  falseAlerts: { warning: 1 / 100, critical: 1 / 1_000 },
  minEvents: 7,
  for: '1m',
  keepFiringFor: '5m',
  interval: '30s',
  periodInterval: '5m',
};
