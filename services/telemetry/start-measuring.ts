/** Creates every series that is known in advance, at zero, before the first question. */
import pkg from '../../package.json' with { type: 'json' };
import { metrics } from '../catalogue/metrics.ts';
import { builtInService } from '../slo/deployment.ts';
import type { Generator } from './generator.ts';
import { observed } from './metrics/instruments.ts';
import { startSpansAtZero } from './metrics/measure-intake.ts';
import { startQuestionsAtZero } from './metrics/measure-question-end.ts';
import { observePendingRecords, startRecordsAtZero } from './metrics/measure-records.ts';
import { startSemanticSearchAtZero } from './metrics/measure-semantic-search.ts';
import { startStagesAtZero } from './metrics/measure-stage.ts';
import { startTurnsAtZero } from './metrics/measure-turn.ts';
import { startVotesAtZero } from './metrics/measure-vote.ts';

type PriceFile = (typeof metrics.pricesAsOf.labels.file)[number];
type PriceOrigin = (typeof metrics.pricesAsOf.labels.origin)[number];

/**
 * Call once, when the chat server starts.
 * @param generator the answer generator
 * @param pendingRecords turns queued in the recorder, read at each scrape
 * @param pricesAsOf the date of each price file; null if no model is charged
 * @param priceOrigins whether the operator or we stated that date
 */
export function startMeasuring({
  generator,
  pendingRecords,
  pricesAsOf,
  priceOrigins,
}: {
  generator: Generator;
  pendingRecords: () => number;
  pricesAsOf: Readonly<Record<PriceFile, Date>> | null;
  priceOrigins?: Readonly<Record<PriceFile, PriceOrigin>>;
}): void {
  startTurnsAtZero(builtInService, [generator.model]);
  startQuestionsAtZero();
  startStagesAtZero(generator);
  startVotesAtZero(builtInService);
  startRecordsAtZero();
  startSpansAtZero();
  startSemanticSearchAtZero();
  observePendingRecords(pendingRecords);
  for (const file of pricesAsOf === null ? [] : metrics.pricesAsOf.labels.file) {
    observed(metrics.pricesAsOf, () => (pricesAsOf?.[file].getTime() ?? 0) / 1_000, {
      file,
      ...(priceOrigins !== undefined && { origin: priceOrigins[file] }),
    });
  }
  observed(metrics.processStart, () => performance.timeOrigin / 1_000);
  observed(metrics.buildInfo, () => 1, { version: pkg.version });
}
