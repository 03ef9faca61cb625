/** Compares measured values with the objectives: met, breached, or no data. */
import { type Objective, type ObjectiveKey, objectives } from './objectives.ts';

/** Measured values in the objectives' units (ratio 0–1, seconds, yen, score 0–1). Null: not measured. */
export type Measured = Readonly<Record<ObjectiveKey, number | null>>;

/** true: met, false: breached, null: no data. */
export type Met = boolean | null;

/** The `slo_compliance` object of a row in rag_metrics_history. */
export type Compliance = {
  readonly citationRateMet: Met;
  readonly latencyMet: Met;
  readonly costMet: Met;
  readonly relevanceMet: Met;
  readonly overallMet: Met;
};

export function met(objective: Objective, value: number | null): Met {
  if (value === null) return null;
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

/** A day's verdict: `latencyMet` covers P50 and P95, `overallMet` all four verdicts. */
export function compliance(measured: Measured): Compliance {
  const citationRateMet = met(objectives.citationRate, measured.citationRate);
  const latencyMet = allMet([
    met(objectives.latencyP50, measured.latencyP50),
    met(objectives.latencyP95, measured.latencyP95),
  ]);
  const costMet = met(objectives.costPerAnswer, measured.costPerAnswer);
  const relevanceMet = met(objectives.relevance, measured.relevance);
  return {
    citationRateMet,
    latencyMet,
    costMet,
    relevanceMet,
    overallMet: allMet([citationRateMet, latencyMet, costMet, relevanceMet]),
  };
}
