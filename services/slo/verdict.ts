/** Compares measured values with the objectives: met, breached, or no data. */
import type { IndicatorName } from './indicator-names.ts';
import { type Objective, objectives } from './objectives.ts';

/** Values by objective, in its unit (ratio 0–1, seconds, yen, score 0–1). Null: no data. Absent: not measured by day. */
export type Measured = Readonly<Record<string, number | null>>;

/** true: met, false: breached, null: no data. */
export type Met = boolean | null;

/** The `slo_compliance` object of a row in rag_metrics_history. */
export type Compliance = {
  readonly citationRateMet: Met;
  readonly latencyMet: Met;
  readonly costMet: Met;
  readonly relevanceMet: Met;
  readonly overallMet: Met;
  /** Of objectives on other indicators. */
  readonly [verdict: string]: Met;
};

export function met(objective: Objective, value: number | null): Met {
  // Without a target there is nothing to compare with.
  if (value === null || !Number.isFinite(objective.target)) return null;
  switch (objective.direction) {
    case 'atLeast':
      return value >= objective.target;
    case 'atMost':
      return value <= objective.target;
    case 'below':
      return value < objective.target;
  }
}

/** False if any is false, null if all are null, else true. */
export function allMet(verdicts: readonly Met[]): Met {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(true) ? true : null;
}

/** Verdicts with a name of their own in the specification. */
const named: readonly IndicatorName[] = ['citation_rate', 'latency', 'cost_per_answer', 'relevance', 'error_rate'];

/**
 * A day's verdict. `latencyMet` covers all latencies, `overallMet` everything but the error rate, which rows of other programs
 * lack. An objective on another indicator that is measured by day adds a verdict of its own, `noAnswerRateMet` for
 * `no_answer_rate`.
 */
export function compliance(measured: Measured): Compliance {
  const verdicts = Object.entries(objectives).map(([key, objective]) => ({
    key,
    indicator: objective.indicator,
    met: met(objective, measured[key] ?? null),
  }));
  const of = (indicator: IndicatorName) =>
    allMet(verdicts.filter((each) => each.indicator === indicator).map((each) => each.met));
  const others = verdicts.filter(({ key, indicator }) => !named.includes(indicator) && key in measured);
  const [citationRateMet, latencyMet, costMet, relevanceMet] = [
    of('citation_rate'),
    of('latency'),
    of('cost_per_answer'),
    of('relevance'),
  ];
  return {
    citationRateMet,
    latencyMet,
    costMet,
    relevanceMet,
    ...Object.fromEntries(others.map(({ key, met: verdict }) => [`${key}Met`, verdict])),
    overallMet: allMet([citationRateMet, latencyMet, costMet, relevanceMet, ...others.map((each) => each.met)]),
  };
}
