/** Alerts on spans of other applications. Invariant: received = assembled + pending + foreign + refused + expired. */
import { intakeMetrics } from '../../services/catalogue/intake-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { ScaledDurations } from './scaled-durations.ts';

export function intakeAlerts({ duration }: ScaledDurations): readonly Alert[] {
  const { spans, traces } = intakeMetrics;
  const window = duration(limits.spansWithoutTurns);
  const received = `sum by (service) (increase(${select(spans.name, { state: 'received' })}[${window}]))`;
  // Traces of every outcome but those that leave no turn.
  const turns = `sum by (service) (increase(${traces.name}{state=~"assembled|incomplete|duplicate"}[${window}]))`;
  return [
    {
      // One alert for each application: the label comes from the expression.
      service: '{{ $labels.service }}',
      dashboard: 'requests',
      alert: 'RagSpansWithoutTurns',
      slo: 'spans_without_turns',
      severity: 'warning',
      for: '0s',
      expr: `${received} > 0\nunless ${turns} > 0`,
      summary: `{{ $labels.service }} sent {{ $value | printf "%.0f" }} spans within ${limits.spansWithoutTurns}, but no turn was assembled from them.`,
      action: 'Run `cli -- services doctor NAME`: it prints what is missing and the line that fixes it',
    },
  ];
}
