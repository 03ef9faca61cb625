/** Operational alerts on the search by meaning. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { searchMetrics } from '../../services/catalogue/search-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function searchAlerts({ duration, component }: RuleContext): readonly Alert[] {
  const { semanticSearches } = searchMetrics;
  const { embeddingConsecutiveFailures } = workerMetrics;
  const { share, window, least, failedRuns } = limits.embeddingsUnreachable;
  const unreachable = component.increase(select(semanticSearches.name, { result: 'unreachable' }), duration(window));
  return [
    {
      alert: 'RagEmbeddingsUnreachable',
      service: scrapeJobs.chat,
      slo: 'embeddings_unreachable',
      severity: 'warning',
      for: duration(limits.embeddingsUnreachable.for),
      expr: [
        `${unreachable} / (${component.increase(semanticSearches.name, duration(window))} > 0) > ${share}`,
        // A single question is no outage. Where few are asked, the worker's job notices it.
        `and ${unreachable} >= ${least}`,
        `or ${component.max(embeddingConsecutiveFailures.name)} >= ${failedRuns}`,
      ].join('\n'),
      summary:
        'The embeddings server is unreachable: questions are searched by words only, or new passages get no vectors.',
      action: 'Run `cli -- embeddings build`, which prints the reason',
      dashboard: 'requests',
    },
  ];
}
