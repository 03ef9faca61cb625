/** How error budgets and alerts stand, whoever reckoned them: what the page shows and the admin API answers. */
import type { ObjectiveKey } from './objectives.ts';

export type ErrorBudgetStatus = {
  readonly key: ObjectiveKey;
  /** Share of events that may be bad; null: a mean is promised, which has no bad events. */
  readonly budget: number | null;
  /** Share of the period's budget that is left, from 1 down, negative once overspent; null: no events. */
  readonly remaining: number | null;
  /** How many times as fast as it may the budget is being spent, over each span; null: no events in it. */
  readonly burnRates: readonly { readonly window: BurnRateWindow; readonly rate: number | null }[];
  /** Until nothing is left at the pace of the longest of these spans, in seconds; null: nothing is being spent. */
  readonly exhaustedInSeconds: number | null;
};

/** Prometheus has hours, the daily rows have days. */
export const burnRateWindows = ['1h', '6h', 'today', '7d'] as const;
export type BurnRateWindow = (typeof burnRateWindows)[number];

/** All of an alert that page and API tell; its annotations are for whoever is paged. */
export type AlertStatus = {
  readonly name: string;
  readonly severity: string;
  readonly slo: string | null;
  readonly service: string | null;
  /** ISO 8601. */
  readonly since: string;
  /** Null: it fires. */
  readonly until: string | null;
};

/** What Prometheus tells, or why it tells nothing. */
export type PrometheusStatus =
  /** PROMETHEUS_URL is not set. */
  | { readonly state: 'not_connected' }
  /** Asked just now, and not answered yet. */
  | { readonly state: 'waiting' }
  | { readonly state: 'unreachable'; readonly asOf: string }
  | {
      readonly state: 'connected';
      /** ISO 8601: when it was asked. */
      readonly asOf: string;
      /** Whether the alert that always fires does; without it, silence says nothing. */
      readonly rulesRun: boolean;
      /** Null: its rules record none. */
      readonly budgets: readonly ErrorBudgetStatus[] | null;
      /** Critical first, then the newest. */
      readonly firing: readonly AlertStatus[];
      /** Ended within the last week, the newest first; their times are known to five minutes. */
      readonly ended: readonly AlertStatus[];
    };

/** @param patienceMs for how long the asker is kept waiting at most */
export type ReadPrometheusStatus = (patienceMs: number) => Promise<PrometheusStatus>;
