/** What the compiler makes of the promises: conditions with every number worked out, in no tool's language. */
import type { Guard } from './chance.ts';
import type { JobObjective, Objective } from './objectives.ts';

export type Severity = 'warning' | 'critical';

export const severities: readonly Severity[] = ['warning', 'critical'];

export type Window = {
  /** As series are named after it (`1h`), whatever the scale. */
  readonly name: string;
  /** Its length, scaled. */
  readonly seconds: number;
};

/** One of the ways in which an alert fires: any of them will do. */
export type WindowCondition = {
  readonly long: Window;
  readonly short: Window;
  /** Holds for the long window. */
  readonly guard: Guard;
};

export type ThresholdAlert = {
  readonly severity: Severity;
  /** The objective's value beyond which it fires, in its unit. */
  readonly threshold: number;
  /** The same as a share of bad events; null where a mean is promised. */
  readonly badShare: number | null;
  readonly conditions: readonly WindowCondition[];
};

export type BudgetAlert = {
  readonly severity: 'warning';
  readonly conditions: readonly (WindowCondition & {
    /** Burn rate beyond which it fires. */
    readonly factor: number;
    readonly budgetShare: number;
  })[];
};

export type ObjectiveModel = {
  readonly key: string;
  readonly objective: Objective;
  /** Share of events that may be bad; null where a mean is promised. */
  readonly budget: number | null;
  /** For quantiles: the values beyond which answers are counted, ascending. */
  readonly bounds: readonly number[];
  readonly thresholds: readonly ThresholdAlert[];
  readonly budgetAlert: BudgetAlert | null;
};

export type JobModel = {
  readonly key: string;
  readonly objective: JobObjective;
  /** Seconds since the last success, scaled: one run missed, and two. */
  readonly lateAfter: Readonly<Record<Severity, number>>;
};

export type SloModel = {
  readonly scale: number;
  /** Every window over which values are recorded, ascending. */
  readonly windows: readonly Window[];
  readonly period: Window;
  readonly minEvents: number;
  /** Seconds, scaled. */
  readonly for: number;
  readonly keepFiringFor: number;
  readonly interval: number;
  readonly periodInterval: number;
  readonly objectives: readonly ObjectiveModel[];
  readonly jobs: readonly JobModel[];
};
