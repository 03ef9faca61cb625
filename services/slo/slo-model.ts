/** Compiled objectives: alert conditions with every number calculated, independent of any monitoring tool. */
import type { Guard } from './chance.ts';
import type { Deployment } from './deployment.ts';
import type { JobObjective, Objective } from './objective.ts';

export type Severity = 'warning' | 'critical';

export const severities: readonly Severity[] = ['warning', 'critical'];

export type Window = {
  /** Used in series names (`1h`), independent of the scale. */
  readonly name: string;
  /** Scaled. */
  readonly seconds: number;
};

/** An alert fires when the condition of any of its window pairs holds. */
export type WindowCondition = {
  readonly long: Window;
  readonly short: Window;
  /** Shows that the incident has ended. Null: the short window does. */
  readonly recovery: Window | null;
  /** Applies to the long window. */
  readonly guard: Guard;
};

/** Null: every service. `except`: those with numbers of their own. */
export type ServiceSelection = { readonly only: string } | { readonly except: readonly string[] } | null;

export type ThresholdAlert = {
  /** Whether other numbers apply at night. */
  readonly when: 'always' | 'day' | 'night';
  readonly severity: Severity;
  /** In the objective's unit. */
  readonly threshold: number;
  /** The threshold as a share of bad events. Null for means. */
  readonly badShare: number | null;
  readonly conditions: readonly WindowCondition[];
};

export type BudgetAlert = {
  readonly severity: 'warning';
  readonly conditions: readonly (WindowCondition & {
    /** Burn rate threshold. */
    readonly factor: number;
    readonly budgetShare: number;
  })[];
};

export type ObjectiveModel = {
  readonly key: string;
  readonly objective: Objective;
  readonly services: ServiceSelection;
  /** Share of events that may be bad. Null for means. */
  readonly budget: number | null;
  /** For quantiles: the bounds beyond which events are counted, ascending. */
  readonly bounds: readonly number[];
  readonly thresholds: readonly ThresholdAlert[];
  readonly budgetAlert: BudgetAlert | null;
  /** Of the alert on an exhausted budget: what random variation explains over the period. Null without a budget alert. */
  readonly exhausted: Guard | null;
};

export type JobModel = {
  readonly key: string;
  readonly objective: JobObjective;
  /** Seconds since the last success, scaled: after one missed run, and after two. */
  readonly lateAfter: Readonly<Record<Severity, number>>;
};

export type SloModel = {
  readonly scale: number;
  readonly deployment: Deployment;
  /** All recorded windows, ascending. */
  readonly windows: readonly Window[];
  /** Names of the windows of the first pair, which detects a large breach within minutes. */
  readonly fastWindows: readonly string[];
  readonly period: Window;
  readonly minEvents: number;
  readonly recoveryDeviations: number;
  /** Seconds, scaled. */
  readonly for: number;
  readonly keepFiringFor: number;
  readonly interval: number;
  readonly periodInterval: number;
  readonly objectives: readonly ObjectiveModel[];
  /** Objectives with the numbers of one service. Pages and dashboards show those of the other services. */
  readonly ofServices: readonly ObjectiveModel[];
  /** In which `night` numbers apply. Minutes of the day in UTC. */
  readonly night: { readonly from: number; readonly to: number };
  readonly jobs: readonly JobModel[];
};
