/** Recording of answers in the database, spans of other applications on their way there, and the resources of the chat server process. */
import { intakeMetrics } from '../../services/catalogue/intake-metrics.ts';
import { libraryMetrics } from '../../services/catalogue/library-metrics.ts';
import { recordMetrics } from '../../services/catalogue/record-metrics.ts';
import { increaseOverRange, perMinute, quantile } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { statPanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, rangeQuery } from '../queries.ts';
import { colours, nonZeroSteps } from '../theme.ts';

const { records, recordsPending } = recordMetrics;
/** The counters exist from the start, so a missing value means that no chat server is scraped. */
const noServer = 'no chat server';

export function pendingRecords() {
  return statPanel({
    title: 'Pending records',
    description:
      'Answers whose database commit is in progress. Users receive an answer only after the commit. If many stay pending, the database is slow, locked or unavailable.',
    unit: 'none',
    steps: [
      { value: null, color: colours.good },
      { value: 20, color: colours.warn },
      { value: 100, color: colours.bad },
    ],
    queries: [instantQuery(`sum(${recordsPending.name})`, 'pending')],
    noValue: noServer,
  });
}

export function rejectedRecords() {
  return statPanel({
    title: 'Rejected records',
    description:
      'Answers in the time range that could not be recorded in time. Their users received 503 instead of an answer. Check the database.',
    unit: 'none',
    decimals: 0,
    steps: nonZeroSteps(colours.bad),
    queries: [instantQuery(increaseOverRange(records, { where: { state: 'rejected' } }), 'rejected')],
    noValue: noServer,
  });
}

export function recordRates() {
  return timeSeriesPanel({
    title: 'Records per minute',
    description:
      'Answers received by the recorder, stored and rejected, and the number pending (right axis). Received without stored: the database accepts no writes.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(perMinute(records, { where: { state: 'received' } }), 'received'),
      rangeQuery(perMinute(records, { where: { state: 'stored' } }), 'stored'),
      rangeQuery(perMinute(records, { where: { state: 'rejected' } }), 'rejected'),
      rangeQuery(`sum(${recordsPending.name})`, 'pending'),
    ],
  })
    .overrideByName('received', overrides({ colour: colours.other, dashed: true }))
    .overrideByName('stored', overrides({ colour: colours.good }))
    .overrideByName('rejected', overrides({ colour: colours.bad }))
    .overrideByName('pending', overrides({ colour: colours.fourth, rightAxis: true, thin: true }));
}

/** The expression of the alert RagRecordImbalance. */
export function recordImbalance() {
  const of = (state: string) => `${records.name}{state="${state}"}`;
  return statPanel({
    title: 'Record imbalance',
    description:
      'received − stored − rejected − pending, over all servers. It may differ from zero for one scrape. If it stays, answers were lost because of a bug: keep logs and metrics.',
    unit: 'none',
    decimals: 0,
    steps: nonZeroSteps(colours.bad),
    queries: [
      instantQuery(
        `sum(abs(${of('received')} - ignoring(state) ${of('stored')} - ignoring(state) ${of('rejected')} - ignoring(state) ${recordsPending.name}))`,
        'imbalance',
      ),
    ],
    noValue: noServer,
  });
}

export function connectionPool() {
  const { databaseConnections, databaseWaiting } = libraryMetrics;
  return timeSeriesPanel({
    title: 'Connections of chat servers',
    description:
      'Used and idle connections, and statements waiting for a connection. Waiting delays questions: find the slow statement on the database dashboard.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(`sum by (db_client_connection_state) (${databaseConnections.name})`, '{{db_client_connection_state}}'),
      rangeQuery(`sum(${databaseWaiting.name})`, 'waiting'),
    ],
  })
    .overrideByName('used', overrides({ colour: colours.good }))
    .overrideByName('idle', overrides({ colour: colours.muted }))
    .overrideByName('waiting', overrides({ colour: colours.bad }));
}

export function statementLatency() {
  return timeSeriesPanel({
    title: 'SQL statement P95 by operation',
    description:
      'Statement duration as the chat server measures it, including the network. If it grows here but not in the database, check the network.',
    unit: 's',
    min: 0,
    queries: [
      rangeQuery(quantile(0.95, libraryMetrics.databaseDuration, { by: 'db_operation_name' }), '{{db_operation_name}}'),
    ],
  });
}

export function eventLoop() {
  return timeSeriesPanel({
    title: 'Event loop utilization by server',
    description:
      'Share of time in which the event loop of a chat server is busy. Near 1, all its requests wait: start another server.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    queries: [rangeQuery(`max by (instance) (${libraryMetrics.eventLoopUtilization.name})`, '{{instance}}')],
  });
}

export function heap() {
  return timeSeriesPanel({
    title: 'Heap usage by server',
    description:
      'JavaScript memory. If it only grows, memory leaks: take a heap snapshot before you restart the server.',
    unit: 'bytes',
    min: 0,
    queries: [rangeQuery(`sum by (instance) (${libraryMetrics.heapUsed.name})`, '{{instance}}')],
  });
}

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
