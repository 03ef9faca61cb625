/** Questions: volume, outcomes and failures. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { libraryMetrics } from '../../services/catalogue/library-metrics.ts';
import { shownObjective } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import type { DashboardContext } from '../context.ts';
import { increaseOverRange, perMinute, rate, share } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { barGaugePanel, statPanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, rangeQuery } from '../queries.ts';
import { colours, statusSteps } from '../theme.ts';
import { runbookLink } from './slo/objectives.ts';

const { answers, failures } = answerMetrics;
/** Greetings and thanks are no questions. */
const asked = { outcome: answers.labels.outcome.filter((outcome) => outcome !== 'chitchat') };
const completed = { outcome: ['answered', 'no_answer', 'failed'] } as const;

export function questionsPerMinute() {
  return statPanel({
    title: 'Questions per minute',
    description:
      'All questions, whatever their outcome. No questions for minutes during school hours is an incident: check the proxy and network in front of the chat servers.',
    unit: 'none',
    decimals: 1,
    neutral: true,
    sparkline: true,
    queries: [rangeQuery(perMinute(answers), 'questions')],
  });
}

export function answeredQuestions() {
  return statPanel({
    title: 'Answered questions',
    description:
      'Share of questions in the time range answered from the documents. The others were not found, failed, were rejected by the model, or were aborted by the client.',
    unit: 'percentunit',
    decimals: 1,
    neutral: true,
    queries: [
      instantQuery(
        share(
          increaseOverRange(answers, { where: { outcome: 'answered' } }),
          increaseOverRange(answers, { where: asked }),
        ),
        'answered',
      ),
    ],
  });
}

export function errorRate(context: DashboardContext) {
  return statPanel({
    title: 'Error rate',
    description:
      'Share of questions in the time range that failed. Questions aborted by the client are not counted. Colours follow the objective. See the failures by stage below.',
    unit: 'percentunit',
    decimals: 2,
    steps: statusSteps(thresholdSteps(shownObjective('error_rate'))),
    links: [runbookLink(context, shownObjective('error_rate').name)],
    queries: [
      instantQuery(
        share(
          increaseOverRange(answers, { where: { outcome: 'failed' } }),
          increaseOverRange(answers, { where: completed }),
        ),
        'errors',
      ),
    ],
  });
}

export function clientAborts() {
  return statPanel({
    title: 'Client aborts',
    description:
      'Share of questions in the time range whose client disconnected before the answer. It rises when answers are slow.',
    unit: 'percentunit',
    decimals: 1,
    neutral: true,
    queries: [
      instantQuery(
        share(increaseOverRange(answers, { where: { outcome: 'aborted' } }), increaseOverRange(answers)),
        'aborted',
      ),
    ],
  });
}

export function questionsByOutcome() {
  return timeSeriesPanel({
    title: 'Questions per minute by outcome',
    description:
      'Answered, not found, failed, rejected and aborted questions, stacked, and chitchat: greetings, thanks and questions about the service. Rejected: by the model or its content filter, not an error. A step in one of them dates an incident: compare it with the failures beside it.',
    unit: 'none',
    min: 0,
    stacked: true,
    queries: [rangeQuery(perMinute(answers, { by: 'outcome' }), '{{outcome}}')],
  })
    .overrideByName('answered', overrides({ colour: colours.good }))
    .overrideByName('no_answer', overrides({ name: 'not found', colour: colours.other }))
    .overrideByName('chitchat', overrides({ colour: colours.second }))
    .overrideByName('failed', overrides({ colour: colours.bad }))
    .overrideByName('rejected', overrides({ colour: colours.third }))
    .overrideByName('aborted', overrides({ name: 'aborted', colour: colours.muted }));
}

/** Client aborts have their own panel. */
const errors = { failure: failures.labels.failure.filter((failure) => failure !== 'cancelled') };
const failed = { where: errors, by: 'stage, failure' } as const;

export function failuresByStage() {
  return barGaugePanel({
    title: 'Failures by stage',
    description:
      'Failed questions in the time range by stage and failure. It includes failures that occurred while Prometheus could not scrape, which the graph beside it cannot show.',
    unit: 'none',
    decimals: 0,
    namesOnTop: true,
    queries: [instantQuery(`${increaseOverRange(failures, failed)} > 0`, '{{stage}}: {{failure}}')],
    noValue: 'no failures',
  });
}

export function failuresPerMinute() {
  return timeSeriesPanel({
    title: 'Failures per minute',
    description:
      'Failed questions over time. model_…: the model server, its key, its quota or its limits. content_filtered, context_exceeded, model_refused and tool_called: rejected by the model side, not errors. database_unavailable: PostgreSQL. overloaded: too many concurrent questions. internal: a bug in this service, see its log.',
    unit: 'none',
    min: 0,
    stacked: true,
    bars: true,
    queries: [rangeQuery(`${perMinute(failures, failed)} > 0`, '{{stage}}: {{failure}}')],
    noValue: 'no failures',
  });
}

export function errorRateByServer() {
  return timeSeriesPanel({
    title: 'Error rate by server',
    description:
      'If one server fails while others answer, check its connections, version and network. Restart it, and read its log of that time.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.05,
    queries: [
      rangeQuery(
        share(
          rate(answers, { where: { outcome: 'failed' }, by: 'instance' }),
          rate(answers, { where: completed, by: 'instance' }),
          { by: 'instance' },
        ),
        '{{instance}}',
      ),
    ],
  });
}

export function httpResponses() {
  const { name } = libraryMetrics.httpServerDuration;
  return timeSeriesPanel({
    title: 'HTTP responses per minute by status',
    description:
      'Responses that clients received. 429: too many requests from a client. 503: the model or the database was unavailable. 500: a bug in this service.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(
        perMinute({ name: `${name}_count` }, { by: 'http_response_status_code' }),
        '{{http_response_status_code}}',
      ),
    ],
  });
}
