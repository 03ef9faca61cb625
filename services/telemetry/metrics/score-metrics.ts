/** Shows how far the quality scores can be trusted. */
import type { Registry } from 'prom-client';
import { scoreMetrics } from '../../catalogue/score-metrics.ts';
import { qualityScores, wordsVersions } from '../../quality/scores.ts';
import { shippedValidation, type Validation } from '../../quality/validation.ts';
import { createGauge } from './create-gauge.ts';

/** @returns what shows the figures from votes; null: unknown, and only the shipped ones are shown */
export function createScoreMetrics(registry: Registry): (voted: readonly Validation[] | null) => void {
  const gauges = [
    [createGauge(registry, scoreMetrics.scoreAuc), ({ auc }) => auc],
    [createGauge(registry, scoreMetrics.scoreAucLow), ({ low }) => low],
    [createGauge(registry, scoreMetrics.scoreAucHigh), ({ high }) => high],
    [createGauge(registry, scoreMetrics.scoreLabelledAnswers), ({ answers }) => answers],
  ] satisfies readonly (readonly [unknown, (validation: Validation) => number])[];
  const shipped = qualityScores.flatMap((score) => shippedValidation(score, wordsVersions[score]) ?? []);

  return (voted) => {
    for (const [gauge, figureOf] of gauges) {
      gauge.reset();
      const show = (source: string) => (validation: Validation) =>
        gauge.set({ score: validation.score, version: validation.version, source }, figureOf(validation));
      shipped.forEach(show('shipped'));
      voted?.forEach(show('votes'));
    }
  };
}
