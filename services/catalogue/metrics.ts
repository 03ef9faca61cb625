/** The metrics catalogue: every metric of the programs and those of their libraries that dashboards and rules read. */
import { answerMetrics } from './answer-metrics.ts';
import { buildMetrics } from './build-metrics.ts';
import { genaiMetrics } from './genai-metrics.ts';
import { intakeMetrics } from './intake-metrics.ts';
import { libraryMetrics } from './library-metrics.ts';
import { priceMetrics } from './price-metrics.ts';
import { probeMetrics } from './probe-metrics.ts';
import { reconciliationMetrics } from './reconciliation-metrics.ts';
import { recordMetrics } from './record-metrics.ts';
import { retentionMetrics } from './retention-metrics.ts';
import { scoreMetrics } from './score-metrics.ts';
import { searchMetrics } from './search-metrics.ts';
import { sourceMetrics } from './source-metrics.ts';
import { workerMetrics } from './worker-metrics.ts';

export const metrics = {
  ...answerMetrics,
  ...priceMetrics,
  ...recordMetrics,
  ...intakeMetrics,
  ...genaiMetrics,
  ...workerMetrics,
  ...retentionMetrics,
  ...searchMetrics,
  ...sourceMetrics,
  ...scoreMetrics,
  ...probeMetrics,
  ...reconciliationMetrics,
  ...buildMetrics,
  ...libraryMetrics,
} as const;
