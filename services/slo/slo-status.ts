/** Status of error budgets and alerts, as shown on the page and returned by the admin API. */
import type { ObjectiveKey } from './objectives.ts';

export type ErrorBudgetStatus = {
  readonly key: ObjectiveKey;
  /** Share of events that may be bad. Null for means, which have no bad events. */
  readonly budget: number | null;
  /** Remaining share of the period's budget: 1 is untouched, negative is overspent. Null: no events. */
  readonly remaining: number | null;
  /** Burn rate over each window. Null: no events in the window. */
  readonly burnRates: readonly { readonly window: BurnRateWindow; readonly rate: number | null }[];
  /** Seconds until the budget is exhausted at the burn rate of the longest window. Null: no budget is being used. */
  readonly exhaustedInSeconds: number | null;
};

/** Hours come from Prometheus, days from the daily rows. */
export const burnRateWindows = ['1h', '6h', 'today', '7d'] as const;
export type BurnRateWindow = (typeof burnRateWindows)[number];

/** The part of an alert that the page and the API show. Annotations are left to Alertmanager. */
export type AlertStatus = {
  readonly name: string;
  readonly severity: string;
  readonly slo: string | null;
  readonly service: string | null;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601. Null: still firing. */
  readonly until: string | null;
};

/** Status read from Prometheus, or the reason why there is none. */
export type PrometheusStatus =
  /** PROMETHEUS_URL is not set. */
  | { readonly state: 'not_connected' }
  /** The first query is still running. */
  | { readonly state: 'waiting' }
  | { readonly state: 'unreachable'; readonly asOf: string }
  | {
      readonly state: 'connected';
      /** ISO 8601: time of the query. */
      readonly asOf: string;
      /** Whether the watchdog alert fires. If not, rules are not evaluated and no alert can fire. */
      readonly rulesRun: boolean;
      /** Null: no recording rules for error budgets. */
      readonly budgets: readonly ErrorBudgetStatus[] | null;
      /** Critical first, then newest first. */
      readonly firing: readonly AlertStatus[];
      /** Resolved within the last week, newest first. Times are accurate to five minutes. */
      readonly ended: readonly AlertStatus[];
    };

/** @param timeoutMs returns an older status if Prometheus takes longer */
export type ReadPrometheusStatus = (timeoutMs: number) => Promise<PrometheusStatus>;
