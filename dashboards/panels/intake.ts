/** Spans of other applications on their way to turns. */
import { intakeMetrics } from '../../services/catalogue/intake-metrics.ts';
import { overrides } from '../overrides.ts';
import { timeSeriesPanel } from '../panel-builders.ts';
import { rangeQuery } from '../queries.ts';
import { colours } from '../theme.ts';

const { spans, traces, spansPending } = intakeMetrics;

export function spanRates() {
  return timeSeriesPanel({
    title: 'Spans per minute by state',
    description:
      'Spans and log events of other applications: received, and what became of them. Foreign spans have no attributes of an AI application. Expired ones led to no turn within five minutes, or came after their turn.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(`sum by (state) (rate(${spans.name}[$__rate_interval])) * 60`, '{{state}}')],
  })
    .overrideByName('received', overrides({ colour: colours.other, dashed: true }))
    .overrideByName('assembled', overrides({ colour: colours.good }))
    .overrideByName('refused', overrides({ colour: colours.bad }))
    .overrideByName('expired', overrides({ colour: colours.warn }));
}

export function traceRates() {
  return timeSeriesPanel({
    title: 'Traces per minute by service and outcome',
    description:
      'What came of the traces of each application. Incomplete: the turn lacks its question or its answer. Late: spans arrived after their turn. Duplicate: the turn was reported before. `cli -- services doctor NAME` prints the cause.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(`sum by (service, state) (rate(${traces.name}[$__rate_interval])) * 60`, '{{service}} {{state}}'),
    ],
  });
}

export function pendingSpans() {
  return timeSeriesPanel({
    title: 'Pending spans',
    description:
      'Acknowledged spans in the database that wait for the rest of their trace. They are assembled when the trace has been quiet for INTAKE_QUIET_MS. A number that only grows means that no chat server assembles.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(`max(${spansPending.name})`, 'pending')],
  });
}
