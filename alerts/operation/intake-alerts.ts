/** Alerts on spans of other applications. Invariant: received = assembled + pending + foreign + refused + expired. */
import { intakeMetrics } from '../../services/catalogue/intake-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { alertingService } from '../alert-objective.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function intakeAlerts({ duration, service: { increase } }: RuleContext): readonly Alert[] {
  const { spans, traces } = intakeMetrics;
  const window = duration(limits.spansWithoutTurns);
  const received = increase(select(spans.name, { state: 'received' }), window);
  // Traces of every outcome but those that leave no turn.
  const turns = increase(select(traces.name, { state: ['assembled', 'incomplete', 'duplicate'] }), window);
  return [
    {
      service: alertingService,
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
