/** Daily metrics from the rollup: questions, users, cost, and each objective by day. */
import { formatValue } from '../../alerts/format-value.ts';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { type Objective, shownObjective } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { overrides, wholeYen } from '../overrides.ts';
import { barGaugePanel, statPanel, timeSeriesPanel } from '../panel-builders.ts';
import { sqlSeries, sqlTable } from '../queries.ts';
import { colours, targetLines } from '../theme.ts';

/** The days that the time range covers. Days are those of Asia/Tokyo. */
export const shown = `date >= ($__timeFrom()::timestamptz at time zone 'Asia/Tokyo')::date
  and date <= ($__timeTo()::timestamptz at time zone 'Asia/Tokyo')::date`;
/** The instant at which a day begins, so that graphs in any time zone place it correctly. */
const time = `date::timestamp at time zone 'Asia/Tokyo' as time`;
const from = `from reporting.metrics_history\nwhere ${shown}\norder by date`;
export const errorRate = 'failed_queries::float8 / nullif(failed_queries + total_queries, 0)';
/** The denominator of the citation rate. */
export const answered = '(total_queries - no_answer_count)';
export const noDays = 'no rollup';

export function questionCount() {
  return dailySum(
    'Questions',
    'Answers and failures of the days shown. Today is added after its rollup.',
    'total_queries + failed_queries',
  );
}

export function totalCost() {
  return statPanel({
    title: 'Total cost',
    description: 'Cost of the days shown, in yen. Daily values are summed unrounded.',
    ...wholeYen,
    source: 'postgres',
    neutral: true,
    noValue: noDays,
    queries: [sqlTable(`select sum(total_cost)::float8 as yen from reporting.metrics_history where ${shown}`)],
  });
}

export function medianDailyUsers() {
  return statPanel({
    title: 'Median daily users',
    description:
      'Median number of distinct users per day, without days on which the service answered no question. Daily users cannot be summed: the same person returns.',
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    neutral: true,
    noValue: noDays,
    queries: [
      sqlTable(`select percentile_cont(0.5) within group (order by unique_users) as users
from reporting.metrics_history where ${shown} and total_queries > 0`),
    ],
  });
}

function dailySum(title: string, description: string, column: string) {
  return statPanel({
    title,
    description,
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    neutral: true,
    noValue: noDays,
    queries: [sqlTable(`select sum(${column}) as total from reporting.metrics_history where ${shown}`)],
  });
}

/** An objective by day, with its target and thresholds. */
function objectiveByDay(objective: Objective, column: string, unit: string, more: { min?: number; max?: number } = {}) {
  const steps = thresholdSteps(objective);
  const last = Math.max(...steps.map(({ from: step }) => step ?? 0));
  return timeSeriesPanel({
    title: `${objective.title} by day`,
    description: `${objective.title} for each day in Asia/Tokyo. ${Number.isFinite(objective.target) ? `Dashed: the target ${formatValue(objective.target, objective.unit)} and the alert thresholds.` : 'It has no objective.'} A gap is a day without answers.`,
    unit,
    source: 'postgres',
    ...more,
    ...(objective.direction === 'atLeast' ? { softMax: 1 } : last > 0 && { softMax: last }),
    steps: targetLines(steps),
    showSteps: true,
    noValue: noDays,
    queries: [sqlSeries(`select ${time}, (${column})::float8 as value\n${from}`)],
  }).overrideByName('value', overrides({ name: objective.title, colour: colours.good }));
}

export const citationRateByDay = () =>
  objectiveByDay(shownObjective('citation_rate'), 'citation_rate / 100', 'percentunit', { min: 0, max: 1 });
export const latencyByDay = () =>
  objectiveByDay(shownObjective('latency', 0.95), 'latency_p95_ms / 1000.0', 's', { min: 0 });
export const costByDay = () =>
  objectiveByDay(shownObjective('cost_per_answer'), 'cost_per_answer', 'currencyJPY', { min: 0 });
export const relevanceByDay = () =>
  objectiveByDay(shownObjective('relevance'), 'average_relevance_score', 'none', { min: 0, max: 1 });
export const errorRateByDay = () => objectiveByDay(shownObjective('error_rate'), errorRate, 'percentunit', { min: 0 });

export function answersAndUsersByDay() {
  return timeSeriesPanel({
    title: 'Answers and users by day',
    description:
      'Answers, "not found" replies, and distinct users (right axis). On a weekday without users, check whether learners could reach the service.',
    unit: 'none',
    source: 'postgres',
    min: 0,
    noValue: noDays,
    queries: [
      sqlSeries(
        `select ${time}, total_queries as answers, no_answer_count as "not found", unique_users as users\n${from}`,
      ),
    ],
  })
    .overrideByName('answers', overrides({ colour: colours.good }))
    .overrideByName('not found', overrides({ colour: colours.other, dashed: true }))
    .overrideByName('users', overrides({ colour: colours.third, rightAxis: true }));
}

export function citedSourcesByDay() {
  return timeSeriesPanel({
    title: 'Cited sources by day',
    description:
      'Number of distinct sources cited per day. If it falls while answers do not, answers rely on fewer documents.',
    unit: 'none',
    source: 'postgres',
    min: 0,
    noValue: noDays,
    queries: [sqlSeries(`select ${time}, unique_sources_count as sources\n${from}`)],
  }).overrideByName('sources', overrides({ colour: colours.second }));
}

export function upvoteShareByDay() {
  return timeSeriesPanel({
    title: 'Upvote share by day',
    description:
      'Share of upvotes among the votes of a day. With few votes a day it fluctuates: see the vote rate on the answer quality dashboard.',
    unit: 'percentunit',
    source: 'postgres',
    min: 0,
    max: 1,
    noValue: noDays,
    queries: [sqlSeries(`select ${time}, positive_votes_rate::float8 / 100 as upvotes\n${from}`)],
  }).overrideByName('upvotes', overrides({ colour: colours.good }));
}

/** The source types that the rollup counts. */
const sourceTypes = [...answerMetrics.citations.labels.source_type, 'other'];

export function citationsBySourceType() {
  return barGaugePanel({
    title: 'Citations by source type',
    description:
      'Share of each source type in the valid citations of the days shown. Days before the rollup counted source types are missing until they are rolled up again.',
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    barPerRow: true,
    namesOnTop: true,
    noValue: noDays,
    queries: [
      sqlTable(`select type, (sum(citations::bigint) / sum(sum(citations::bigint)) over ())::float8 as share
from reporting.metrics_history, jsonb_each_text(citations_by_type) as cited(type, citations)
where ${shown}
group by type
order by share desc`),
    ],
  });
}

export function citationsBySourceTypeAndDay() {
  return timeSeriesPanel({
    title: 'Citations by source type and day',
    description:
      'Share of each source type in the valid citations of a day in Asia/Tokyo. If a type disappears, its source was disabled, its documents expired or its permission was withdrawn: see the annotations.',
    unit: 'percentunit',
    source: 'postgres',
    min: 0,
    max: 1,
    stacked: true,
    bars: true,
    noValue: noDays,
    queries: [
      sqlSeries(
        `select ${time},\n  ${sourceTypes.map((type) => `(citations_by_type ->> '${type}')::float8 / citation_count as ${type}`).join(',\n  ')}\n${from}`,
      ),
    ],
  })
    .overrideByName('material', overrides({ colour: colours.good }))
    .overrideByName('note', overrides({ colour: colours.warn }))
    .overrideByName('document', overrides({ colour: colours.second }))
    .overrideByName('web', overrides({ colour: colours.third }))
    .overrideByName('other', overrides({ colour: colours.muted }));
}
