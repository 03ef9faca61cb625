/** The request path: volume, failures, and the time spent in each stage, down to single traces. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, collapsedRow, type Dashboard, line, row } from './dashboard.ts';
import * as durations from './panels/durations.ts';
import * as questions from './panels/questions.ts';
import * as records from './panels/records.ts';
import * as semanticSearch from './panels/semantic-search.ts';
import * as stages from './panels/stages.ts';

export function requestsDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'requests',
    question: 'Where do questions fail, and where does the time go?',
    context,
    from: 'now-6h',
    refresh: '1m',
    rows: [
      row(
        100,
        'Questions',
        line(
          4,
          cell(1, 4, questions.questionsPerMinute()),
          cell(2, 4, questions.errorRate(context)),
          cell(3, 4, questions.answeredQuestions()),
          cell(4, 4, questions.clientAborts()),
          cell(5, 4, records.pendingRecords()),
          cell(6, 4, records.rejectedRecords()),
        ),
        line(
          8,
          cell(7, 7, questions.questionsByOutcome()),
          cell(10, 5, questions.failuresByStage()),
          cell(8, 7, questions.failuresPerMinute()),
          cell(9, 5, questions.httpResponses()),
        ),
      ),
      row(
        101,
        'Latency',
        line(9, cell(11, 12, durations.answerLatency()), cell(12, 12, durations.answerLatencyDistribution())),
      ),
      row(
        102,
        'Stages: authenticate, recall, retrieve, generate, record, judge',
        line(8, cell(21, 8, stages.meanTimes()), cell(22, 8, stages.percentiles()), cell(23, 8, stages.failureRates())),
        line(
          8,
          cell(24, 6, durations.retrievalLatency()),
          cell(25, 6, durations.generationLatency()),
          cell(26, 6, durations.timeToFirstToken()),
          cell(27, 6, records.recordRates()),
        ),
      ),
      row(
        105,
        'Search by meaning',
        line(
          8,
          cell(51, 12, semanticSearch.semanticSearchResults()),
          cell(52, 12, semanticSearch.passagesWithVector()),
        ),
      ),
      collapsedRow(
        115,
        'Spans of other applications',
        line(
          8,
          cell(81, 9, records.spanRates()),
          cell(82, 9, records.traceRates()),
          cell(83, 6, records.pendingSpans()),
        ),
      ),
      collapsedRow(
        103,
        'Traces',
        line(10, cell(31, 12, durations.slowTraces()), cell(32, 12, durations.failedTraces())),
      ),
      collapsedRow(
        104,
        'Servers and dependencies',
        line(8, cell(48, 12, questions.errorRateByServer()), cell(49, 12, durations.latencyByServer())),
        line(
          8,
          cell(41, 8, durations.requestLatency()),
          cell(42, 8, durations.outgoingCalls()),
          cell(43, 8, records.connectionPool()),
        ),
        line(
          8,
          cell(44, 6, records.statementLatency()),
          cell(45, 6, records.eventLoop()),
          cell(46, 6, records.heap()),
          cell(47, 6, durations.spansPerMinute()),
        ),
      ),
    ],
  });
}
