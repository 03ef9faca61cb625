/** Answer quality: relevance, not-found rate, votes, and the worst answers one by one. */
import { select } from '../../alerts/promql.ts';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { shownObjective } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import type { DashboardContext } from '../context.ts';
import { increaseOverRange, mean, perMinute, rate, share } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { heatmapPanel, statPanel, timeSeriesPanel } from '../panel-builders.ts';
import { heatmapQuery, instantQuery, rangeQuery, sqlTable } from '../queries.ts';
import { colours, statusSteps, targetLines } from '../theme.ts';
import { runbookLink } from './slo/objectives.ts';

const { answers, feedback, relevance, truncatedAnswers } = answerMetrics;
const replied = { outcome: ['answered', 'no_answer'] } as const;

export function relevanceScore(context: DashboardContext) {
  const part = (suffix: string) => increaseOverRange({ name: `${relevance.name}_${suffix}` });
  return statPanel({
    title: 'Relevance score',
    description:
      'Mean relevance of answers in the time range, from 0 to 1. Without a model it estimates by words the chance that an answer is right. With a model, the worker’s judge scores the answers. Answers without a score, and scores that are not validated, are not counted. Colours follow the objective.',
    unit: 'none',
    decimals: 2,
    steps: statusSteps(thresholdSteps(shownObjective('relevance'))),
    links: [runbookLink(context, shownObjective('relevance').name)],
    noValue: 'no scores',
    queries: [instantQuery(`${part('sum')} / (${part('count')} > 0)`, 'relevance')],
  });
}

export function notFoundRate() {
  return statPanel({
    title: 'Not-found rate',
    description:
      'Share of replies in the time range that say "not found". No objective counts them. If it rises, documents are missing or retrieval is broken.',
    unit: 'percentunit',
    decimals: 1,
    neutral: true,
    queries: [
      instantQuery(
        share(
          increaseOverRange(answers, { where: { outcome: 'no_answer' } }),
          increaseOverRange(answers, { where: replied }),
        ),
        'not found',
      ),
    ],
  });
}

export function voteRate() {
  return statPanel({
    title: `Vote rate (target ${limits.votedOn * 100} %)`,
    description: `Share of answers in the time range with a vote. Below ${limits.votedOn * 100} %, votes do not represent all users: make the buttons easier to find.`,
    unit: 'percentunit',
    decimals: 1,
    source: 'postgres',
    steps: [
      { value: null, color: colours.notice },
      { value: limits.votedOn, color: colours.good },
    ],
    queries: [
      sqlTable(`select count(*) filter (where user_feedback in (-1, 1))::float8 / nullif(count(*), 0) as vote_rate
from reporting.answers
where $__timeFilter(created_at)`),
    ],
  });
}

export function upvoteShare() {
  return statPanel({
    title: 'Upvote share',
    description:
      'Share of upvotes among votes in the time range. Downvoted answers come first in the table of worst answers.',
    unit: 'percentunit',
    decimals: 0,
    neutral: true,
    noValue: 'no votes',
    queries: [
      instantQuery(
        share(
          increaseOverRange(feedback, { where: { vote: 'up' } }),
          increaseOverRange(feedback, { where: { vote: ['up', 'down'] } }),
        ),
        'up',
      ),
    ],
  });
}

export function relevanceOverTime() {
  return timeSeriesPanel({
    title: 'Relevance over time',
    description:
      'Mean relevance score of answers. Dashed: the target. Worse passages lower relevance before they lower the citation rate: check recent questions without an answer.',
    unit: 'none',
    min: 0,
    max: 1,
    steps: targetLines(thresholdSteps(shownObjective('relevance'))),
    showSteps: true,
    queries: [rangeQuery(mean(relevance), 'mean')],
    noValue: 'no scores',
  }).overrideByName('mean', overrides({ colour: colours.good }));
}

export function relevanceDistribution() {
  return heatmapPanel({
    title: 'Relevance score distribution',
    description:
      'Number of answers per score. A second band at the bottom, which the mean hides, is a type of question that the documents do not cover.',
    unit: 'none',
    noValue: 'no scores',
    queries: [heatmapQuery(`sum by (le) (increase(${select(`${relevance.name}_bucket`)}[$__rate_interval]))`)],
  });
}

export function notFoundOverTime() {
  return timeSeriesPanel({
    title: 'Not-found and truncated replies over time',
    description:
      'Share of replies that say "not found", and share that the model cut off at its token limit (raise LLM_MAX_TOKENS). Compare a step up with the annotations: removed documents or a disabled plugin may have caused it.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.3,
    queries: [
      rangeQuery(
        share(rate(answers, { where: { outcome: 'no_answer' } }), rate(answers, { where: replied })),
        'not found',
      ),
      rangeQuery(share(rate(truncatedAnswers), rate(answers, { where: replied })), 'truncated'),
    ],
  })
    .overrideByName('not found', overrides({ colour: colours.other }))
    .overrideByName('truncated', overrides({ colour: colours.fourth }));
}

export function votesPerHour() {
  return timeSeriesPanel({
    title: 'Votes per hour',
    description:
      'Upvotes, downvotes and withdrawn votes. If downvotes exceed upvotes for an hour, read the worst answers.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(`60 * ${perMinute(feedback, { by: 'vote' })}`, '{{vote}}')],
    noValue: 'no votes',
  })
    .overrideByName('up', overrides({ colour: colours.good }))
    .overrideByName('down', overrides({ colour: colours.bad, dashed: true }))
    .overrideByName('none', overrides({ name: 'withdrawn', colour: colours.muted }));
}

export function judgedAnswersPerHour() {
  return timeSeriesPanel({
    title: 'Answers judged per hour',
    description:
      'Answers that the LLM judge scored, and judgements that failed. Failed judgements have no score and are in no mean. Empty without a model.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(`60 * ${perMinute(workerMetrics.judgements, { by: 'state' })}`, '{{state}}')],
    noValue: 'no LLM judge',
  });
}
