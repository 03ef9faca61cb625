/** Alert policy: the windows over which objectives are evaluated, and the accepted rate of false alerts. */

/** Both windows must be in breach: the long one shows that it matters, the short one that it still continues. */
export type WindowPair = {
  readonly long: string;
  readonly short: string;
  /** Share of the period's error budget that, used within the long window, fires an alert. Null: no burn-rate alert. */
  readonly budgetShare: number | null;
  /**
   * Where the short window is hours long: once the value of this window is within the limit again, and clearly better than that of
   * the short window, the incident has ended. Without it, a warning lasts as long as the short window after an outage.
   */
  readonly recovery?: string;
};

export type AlertPolicy = {
  readonly pairs: readonly WindowPair[];
  /** Period of the error budget. */
  readonly period: string;
  /** Share of days with a false alert, over all objectives together, while each is exactly at its target. */
  readonly falseAlerts: { readonly warning: number; readonly critical: number };
  /** Bad events in the long window (for means: events) below which no alert fires. */
  readonly minEvents: number;
  /** How many standard deviations better than the short window the recovery window must be. */
  readonly recoveryDeviations: number;
  /** How long a breach must last. */
  readonly for: string;
  /** How long an alert keeps firing after the breach, so that a few good answers do not resolve it. */
  readonly keepFiringFor: string;
  /** Evaluation interval. Rules over the whole period run less often because they read a month of data. */
  readonly interval: string;
  readonly periodInterval: string;
};

/**
 * Window pairs from the SRE Workbook (chapter 5, "Alerting on SLOs"). The shortest detects a large breach within minutes.
 * The longer ones see enough events to evaluate a service that answers a hundred questions a day.
 */
export const alertPolicy: AlertPolicy = {
  pairs: [
    { long: '1h', short: '5m', budgetShare: 0.02 },
    { long: '6h', short: '30m', budgetShare: 0.05 },
    { long: '1d', short: '2h', budgetShare: 0.1, recovery: '30m' },
    // A burn rate of 1: a service exactly at its budget does not exceed it by more than random variation.
    { long: '3d', short: '6h', budgetShare: 0.1, recovery: '30m' },
  ],
  period: '30d',
  falseAlerts: { warning: 1 / 100, critical: 1 / 1_000 },
  minEvents: 7,
  recoveryDeviations: 2,
  for: '1m',
  keepFiringFor: '5m',
  interval: '30s',
  periodInterval: '5m',
};
