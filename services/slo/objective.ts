/** What a service level objective consists of. */
import type { IndicatorName } from './indicator-names.ts';

/** How a value meets its target: `atLeast` is ≥, `atMost` is ≤, `below` is <. */
export type Direction = 'atLeast' | 'atMost' | 'below';

type ObjectiveBase = {
  /** Value of the label `slo`. The alert and its runbook are named after it. */
  readonly name: string;
  /** What measures it. */
  readonly indicator: IndicatorName;
  readonly title: string;
  readonly titleJa?: string;
  readonly unit: 'ratio' | 'seconds' | 'jpy' | 'score';
  readonly direction: Direction;
  readonly target: number;
  /** A value beyond it sends a message to the chat. */
  readonly warning?: number;
  /** A value beyond it pages the on-call person. */
  readonly critical?: number;
  /** The first thing to do about a breach. */
  readonly action?: string;
  readonly actionJa?: string;
  /** Numbers that replace warning and critical at night. */
  readonly night?: { readonly warning?: number; readonly critical?: number };
  /** Other numbers for some services, by the label `service`. */
  readonly services?: Readonly<Record<string, ServiceNumbers>>;
};

/** Numbers that replace those of the objective for one service. */
export type ServiceNumbers = {
  readonly target?: number;
  readonly warning?: number;
  readonly critical?: number;
  readonly spread?: number;
  readonly action?: string;
};

/** A share of events: of good ones for `atLeast`, else of bad ones. */
export type RatioObjective = ObjectiveBase & {
  readonly kind: 'ratio';
  /** Also alert on the burn rate of the error budget. */
  readonly budgetAlert?: true;
};

/** A quantile of a histogram. Values beyond the target are bad events: with `quantile` 0.95, 5 in 100 may be bad. */
export type QuantileObjective = ObjectiveBase & {
  readonly kind: 'quantile';
  readonly quantile: number;
  /** Standard deviation of the natural logarithm of values at the target. Required for alerts. */
  readonly spread?: number;
  readonly budgetAlert?: true;
};

export type MeanObjective = ObjectiveBase & {
  readonly kind: 'mean';
  /** Standard deviation divided by the mean, for values at the target. Required for alerts. */
  readonly spread?: number;
};

/** A scheduled job. */
export type JobObjective = {
  readonly kind: 'job';
  readonly name: string;
  readonly indicator: IndicatorName;
  readonly title: string;
  readonly titleJa?: string;
  readonly everyHours: number;
  /** Accepted delay of a run. */
  readonly graceHours: number;
  /** Failed runs in a row. */
  readonly warning: number;
  readonly critical: number;
  readonly action: string;
};

export type Objective = RatioObjective | QuantileObjective | MeanObjective;

/** Every number that a value is compared with, those of the night and of single services included. */
export function thresholdsOf({ target, warning, critical, night, services = {} }: Objective): readonly number[] {
  const ofServices = Object.values(services).flatMap((numbers) => [numbers.target, numbers.warning, numbers.critical]);
  const all = [target, warning, critical, night?.warning, night?.critical, ...ofServices];
  return all.filter((value) => value !== undefined);
}
