/** Shows how far the quality scores can be trusted. */
import type { Registry } from 'prom-client';
import { scoreMetrics } from '../../catalogue/score-metrics.ts';
import { shippedValidations, type Validation } from '../../quality/validation.ts';
import { builtInService } from '../../slo/deployment.ts';
import { createGauge } from './create-gauge.ts';

type Voted = Validation & { readonly service: string };

/** @returns what shows the figures from votes; beside the shipped ones; null: unknown, and nothing is shown */
export function createScoreMetrics(registry: Registry): (voted: readonly Voted[] | null) => void {
  const gauges = [
    [createGauge(registry, scoreMetrics.scoreAuc), ({ auc }) => auc],
    [createGauge(registry, scoreMetrics.scoreAucLow), ({ low }) => low],
    [createGauge(registry, scoreMetrics.scoreAucHigh), ({ high }) => high],
    [createGauge(registry, scoreMetrics.scoreLabelledAnswers), ({ answers }) => answers],
  ] satisfies readonly (readonly [unknown, (validation: Validation) => number])[];

  return (voted) => {
    for (const [gauge, figureOf] of gauges) {
      gauge.reset();
      if (voted === null) continue;
      const show = (source: string) => (validation: Voted) =>
        gauge.set(
          { service: validation.service, score: validation.score, version: validation.version, source },
          figureOf(validation),
        );
      for (const each of shippedValidations) show('shipped')({ ...each, service: builtInService });
      voted.forEach(show('votes'));
    }
  };
}
