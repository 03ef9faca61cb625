/** Panels of questions on their way: how many, how they ended, and what failed. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { libraryMetrics } from '../../services/catalogue/library-metrics.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { gained, perMinute, rate, share } from '../expressions.ts';
import { bars, colours, graph, look, numbers, stepsOf } from '../house-style.ts';
import { now, over } from '../queries.ts';
import { type House, whatToDo } from './promises.ts';

const { answers, failures } = answerMetrics;
const asked = { outcome: ['answered', 'no_answer', 'failed'] } as const;

export function questionsNow() {
  return numbers({
    title: 'Questions a minute',
    says: 'Questions that came in, however they ended. None at all for minutes in school hours is an incident of its own: look at what stands before the chat servers.',
    unit: 'none',
    decimals: 1,
    quiet: true,
    trend: true,
    queries: [over(perMinute(answers), 'questions')],
  });
}

export function answeredShare() {
  return numbers({
    title: 'Answered',
    says: 'Of all questions in the time shown, the share that got an answer from the materials. The rest: honest "not found", errors, clients that hung up.',
    unit: 'percentunit',
    decimals: 1,
    quiet: true,
    queries: [now(share(gained(answers, { where: { outcome: 'answered' } }), gained(answers)), 'answered')],
  });
}

export function errorShare(house: House) {
  return numbers({
    title: 'Errors',
    says: 'Of the questions in the time shown, the share that ended in an error; clients that hung up asked for no answer. Steps are those of the promise. Look at "What failed".',
    unit: 'percentunit',
    decimals: 2,
    steps: stepsOf(thresholdSteps(objectives.errorRate)),
    links: [whatToDo(house, 'errorRate')],
    queries: [
      now(share(gained(answers, { where: { outcome: 'failed' } }), gained(answers, { where: asked })), 'errors'),
    ],
  });
}

export function hungUpShare() {
  return numbers({
    title: 'Hung up',
    says: 'Of all questions in the time shown, the share whose client went away before the answer. It rises when answers are slow.',
    unit: 'percentunit',
    decimals: 1,
    quiet: true,
    queries: [now(share(gained(answers, { where: { outcome: 'aborted' } }), gained(answers)), 'hung up')],
  });
}

export function outcomes() {
  return graph({
    title: 'Questions a minute, by how they ended',
    says: 'Stacked: answered, honestly not found, failed, hung up. A step in one of them dates an incident; look at "What failed" beside it.',
    unit: 'none',
    min: 0,
    stacked: true,
    queries: [over(perMinute(answers, { by: 'outcome' }), '{{outcome}}')],
  })
    .overrideByName('answered', look({ colour: colours.good }))
    .overrideByName('no_answer', look({ name: 'not found', colour: colours.other }))
    .overrideByName('failed', look({ colour: colours.bad }))
    .overrideByName('aborted', look({ name: 'hung up', colour: colours.quiet }));
}

/** Clients that hung up have numbers of their own. */
const errors = { failure: failures.labels.failure.filter((failure) => failure !== 'cancelled') };
const failed = { where: errors, by: 'stage, failure' } as const;

export function failedInAll() {
  return bars({
    title: 'What failed',
    says: 'Failed questions of the time shown by the stage that failed and how: what the share of errors is made of. Failures while nobody could scrape are in it too, which the graph beside it cannot show.',
    unit: 'none',
    decimals: 0,
    namesOnTop: true,
    queries: [now(`${gained(failures, failed)} > 0`, '{{stage}}: {{failure}}')],
    empty: 'nothing failed',
  });
}

export function whatFailed() {
  return graph({
    title: 'What failed, a minute',
    says: 'Since when, and whether it goes on. model_unavailable: the model server. database_unavailable: Postgres. overloaded: too many at once. internal: our fault, its cause is in the log.',
    unit: 'none',
    min: 0,
    stacked: true,
    bars: true,
    queries: [over(`${perMinute(failures, failed)} > 0`, '{{stage}}: {{failure}}')],
    empty: 'nothing failed',
  });
}

export function errorsByServer() {
  return graph({
    title: 'Share of questions that failed, by server',
    says: 'One server that fails while others answer: its connections, its version, its network. Restart it, and read its log of that time.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.05,
    queries: [
      over(
        share(
          rate(answers, { where: { outcome: 'failed' }, by: 'instance' }),
          rate(answers, { where: asked, by: 'instance' }),
          { by: 'instance' },
        ),
        '{{instance}}',
      ),
    ],
  });
}

export function replies() {
  const { name } = libraryMetrics.httpServerDuration;
  return graph({
    title: 'HTTP replies a minute, by status',
    says: 'What clients were told. 429: they asked too fast. 503: the model or the database was away. 500: our fault.',
    unit: 'none',
    min: 0,
    queries: [
      over(perMinute({ name: `${name}_count` }, { by: 'http_response_status_code' }), '{{http_response_status_code}}'),
    ],
  });
}
