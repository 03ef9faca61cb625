/** Alerts on spans of other applications. Invariant: received = assembled + pending + foreign + refused + expired. */
import { intakeMetrics } from '../../services/catalogue/intake-metrics.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { limits } from '../../services/slo/limits.ts';
import { alertingService } from '../alert-objective.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function intakeAlerts({ duration, service: { increase }, component }: RuleContext): readonly Alert[] {
  const { spans, spansPending, traces } = intakeMetrics;
  const window = duration(limits.spansWithoutTurns);
  const received = increase(select(spans.name, { state: 'received' }), window);
  // Traces of every outcome but those that leave no turn.
  const turns = increase(select(traces.name, { state: ['assembled', 'incomplete', 'duplicate'] }), window);
  const { window: balanceWindow, share, least } = limits.spanBalance;
  const { on } = component;
  const counted = (...state: readonly string[]) =>
    component.increase(select(spans.name, { state }), duration(balanceWindow));
  const arrived = counted('received');
  // A state that never occurred has no series.
  const ended = `(${counted('assembled', 'foreign', 'refused', 'expired')} or ${on} 0 * ${arrived})`;
  const waiting = `(${component.max(spansPending.name)} - ${on} ${component.max(`${spansPending.name} offset ${duration(balanceWindow)}`)})`;
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
    {
      service: scrapeJobs.chat,
      dashboard: 'requests',
      alert: 'RagSpanBalance',
      slo: 'span_balance',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: `abs(${arrived} - ${on} ${ended} - ${on} ${waiting}) > ${on} (${share} * ${arrived} + ${least})`,
      summary: `{{ $value | printf "%.0f" }} spans of the last ${balanceWindow} are neither assembled, waiting, foreign, refused nor expired, or were counted twice.`,
      action: "Find `could not assemble a turn` in the chat servers' log",
    },
  ];
}
