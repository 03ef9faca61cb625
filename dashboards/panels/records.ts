/** Panels of the account of answers on their way into the database, and of the process that carries them. */
import { libraryMetrics } from '../../services/catalogue/library-metrics.ts';
import { recordMetrics } from '../../services/catalogue/record-metrics.ts';
import { gained, perMinute, quantile } from '../expressions.ts';
import { anyIs, colours, graph, look, numbers } from '../house-style.ts';
import { now, over } from '../queries.ts';

const { records, recordsPending } = recordMetrics;
/** These stand at zero before the first question: where they are missing, no chat server is scraped. */
const notTold = 'not told';

export function pendingRecords() {
  return numbers({
    title: 'Wait to be recorded',
    says: 'Answers whose commit is under way: nobody gets them before. More than a handful for longer than a moment means that the database is slow, locked or away.',
    unit: 'none',
    steps: [
      { value: null, color: colours.good },
      { value: 20, color: colours.warn },
      { value: 100, color: colours.bad },
    ],
    queries: [now(`sum(${recordsPending.name})`, 'pending')],
    empty: notTold,
  });
}

export function rejectedRecords() {
  return numbers({
    title: 'Not recorded',
    says: 'Answers in the time shown that could not be recorded in time; their askers were told 503 and got nothing. Look at the database.',
    unit: 'none',
    decimals: 0,
    steps: anyIs(colours.bad),
    queries: [now(gained(records, { where: { state: 'rejected' } }), 'rejected')],
    empty: notTold,
  });
}

export function recordAccount() {
  return graph({
    title: 'The account of records',
    says: 'Answers given to the recorder a minute, those stored, those rejected, and how many wait (right axis). Received without stored: the database takes nothing.',
    unit: 'none',
    min: 0,
    queries: [
      over(perMinute(records, { where: { state: 'received' } }), 'received'),
      over(perMinute(records, { where: { state: 'stored' } }), 'stored'),
      over(perMinute(records, { where: { state: 'rejected' } }), 'rejected'),
      over(`sum(${recordsPending.name})`, 'pending'),
    ],
  })
    .overrideByName('received', look({ colour: colours.other, dashed: true }))
    .overrideByName('stored', look({ colour: colours.good }))
    .overrideByName('rejected', look({ colour: colours.bad }))
    .overrideByName('pending', look({ colour: colours.fourth, rightAxis: true, thin: true }));
}

/** The same sum that an alert watches. */
export function accountGap() {
  const of = (state: string) => `${records.name}{state="${state}"}`;
  return numbers({
    title: 'Account off',
    says: 'received − stored − rejected − pending, over all servers. It may be off for the moment of a scrape; if it stays off, answers were lost: keep logs and metrics, it is a fault in the program.',
    unit: 'none',
    decimals: 0,
    steps: anyIs(colours.bad),
    queries: [
      now(
        `sum(abs(${of('received')} - ignoring(state) ${of('stored')} - ignoring(state) ${of('rejected')} - ignoring(state) ${recordsPending.name}))`,
        'off by',
      ),
    ],
    empty: notTold,
  });
}

export function pool() {
  const { databaseConnections, databaseWaiting } = libraryMetrics;
  return graph({
    title: 'Connections of the chat servers',
    says: 'Connections that are used and idle, and statements that wait for one. Waiting is what questions feel: find the slow statement on the board of the database.',
    unit: 'none',
    min: 0,
    queries: [
      over(`sum by (db_client_connection_state) (${databaseConnections.name})`, '{{db_client_connection_state}}'),
      over(`sum(${databaseWaiting.name})`, 'waiting'),
    ],
  })
    .overrideByName('used', look({ colour: colours.good }))
    .overrideByName('idle', look({ colour: colours.quiet }))
    .overrideByName('waiting', look({ colour: colours.bad }));
}

export function statements() {
  return graph({
    title: 'Statements, P95 by kind',
    says: 'Time of statements as the chat server sees it, waiting for the network included. If it grows here and not in the database, it is the way there.',
    unit: 's',
    min: 0,
    queries: [
      over(quantile(0.95, libraryMetrics.databaseDuration, { by: 'db_operation_name' }), '{{db_operation_name}}'),
    ],
  });
}

export function eventLoop() {
  return graph({
    title: 'Event loop in use, by server',
    says: 'Share of time in which a chat server had work. Near 1, everything on it waits: start another server.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    queries: [over(`max by (instance) (${libraryMetrics.eventLoopUtilization.name})`, '{{instance}}')],
  });
}

export function heap() {
  return graph({
    title: 'Heap in use, by server',
    says: 'Memory of JavaScript. A line that only climbs is a leak: take a heap snapshot before it is restarted.',
    unit: 'bytes',
    min: 0,
    queries: [over(`sum by (instance) (${libraryMetrics.heapUsed.name})`, '{{instance}}')],
  });
}
