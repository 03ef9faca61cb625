/** Panels of days in figures: questions, users, yen, and each promise by day. */
import { formatValue } from '../../alerts/format-value.ts';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { type Objective, objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { bars, colours, graph, look, numbers, wholeYen } from '../house-style.ts';
import { linesOf } from '../promise-lines.ts';
import { sql, sqlSeries } from '../queries.ts';
import { errorRate, from, noDays, shown, time } from './daily-rows.ts';

export function questionsInAll() {
  return sum(
    'Questions',
    'Answers and failures of the days shown, added up. Today is counted when it is over.',
    'total_queries + failed_queries',
  );
}

export function spentInAll() {
  return numbers({
    title: 'Spent',
    says: 'Yen of the days shown, added up as they were rolled up, without rounding before the sum.',
    ...wholeYen,
    source: 'postgres',
    quiet: true,
    empty: noDays,
    queries: [sql(`select sum(total_cost)::float8 as yen from reporting.metrics_history where ${shown}`)],
  });
}

export function usersADay() {
  return numbers({
    title: 'Users on a day, at the median',
    says: 'Different users on a day, half of the days more and half fewer; days on which nobody was answered are not in it. Users of several days cannot be added up: the same person comes again.',
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    quiet: true,
    empty: noDays,
    queries: [
      sql(`select percentile_cont(0.5) within group (order by unique_users) as users
from reporting.metrics_history where ${shown} and total_queries > 0`),
    ],
  });
}

function sum(title: string, says: string, column: string) {
  return numbers({
    title,
    says: `${says} From rag_metrics_history.`,
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    quiet: true,
    empty: noDays,
    queries: [sql(`select sum(${column}) as total from reporting.metrics_history where ${shown}`)],
  });
}

/** One promise by day, against its steps. */
function trend(objective: Objective, column: string, unit: string, more: { min?: number; max?: number } = {}) {
  const steps = thresholdSteps(objective);
  const last = Math.max(...steps.map(({ from: step }) => step ?? 0));
  return graph({
    title: `${objective.title}, by day`,
    says: `${objective.title} of each day in Asia/Tokyo. Dashed: promised ${formatValue(objective.target, objective.unit)}, and where somebody is told. A gap is a day without answers.`,
    unit,
    source: 'postgres',
    ...more,
    softMax: objective.direction === 'atLeast' ? 1 : last,
    steps: linesOf(steps),
    showSteps: true,
    empty: noDays,
    queries: [sqlSeries(`select ${time}, (${column})::float8 as value\n${from}`)],
  }).overrideByName('value', look({ name: objective.title, colour: colours.good }));
}

export const citationTrend = () =>
  trend(objectives.citationRate, 'citation_rate / 100', 'percentunit', { min: 0, max: 1 });
export const latencyTrend = () => trend(objectives.latencyP95, 'latency_p95_ms / 1000.0', 's', { min: 0 });
export const costTrend = () => trend(objectives.costPerAnswer, 'cost_per_answer', 'currencyJPY', { min: 0 });
export const relevanceTrend = () => trend(objectives.relevance, 'average_relevance_score', 'none', { min: 0, max: 1 });
export const errorTrend = () => trend(objectives.errorRate, errorRate, 'percentunit', { min: 0 });

export function usage() {
  return graph({
    title: 'Answers and users, by day',
    says: 'Answers, those that honestly found nothing, and different users (right axis). A weekday without users: look whether learners could reach it.',
    unit: 'none',
    source: 'postgres',
    min: 0,
    empty: noDays,
    queries: [
      sqlSeries(
        `select ${time}, total_queries as answers, no_answer_count as "not found", unique_users as users\n${from}`,
      ),
    ],
  })
    .overrideByName('answers', look({ colour: colours.good }))
    .overrideByName('not found', look({ colour: colours.other, dashed: true }))
    .overrideByName('users', look({ colour: colours.third, rightAxis: true }));
}

export function sourcesADay() {
  return graph({
    title: 'Sources cited, by day',
    says: 'Different sources that a day’s answers cite. If it falls while answers do not, they rest on ever fewer materials.',
    unit: 'none',
    source: 'postgres',
    min: 0,
    empty: noDays,
    queries: [sqlSeries(`select ${time}, unique_sources_count as sources\n${from}`)],
  }).overrideByName('sources', look({ colour: colours.second }));
}

export function votesADay() {
  return graph({
    title: 'Votes that are up, by day',
    says: 'Share of a day’s votes that are up. With a handful of votes a day it jumps: see how many were voted on, on the board of quality.',
    unit: 'percentunit',
    source: 'postgres',
    min: 0,
    max: 1,
    empty: noDays,
    queries: [sqlSeries(`select ${time}, positive_votes_rate::float8 / 100 as up\n${from}`)],
  }).overrideByName('up', look({ colour: colours.good }));
}

/** As the rollup counts them. */
const kinds = [...answerMetrics.citations.labels.source_type, 'other'];

export function sourceKinds() {
  return bars({
    title: 'What answers rest on',
    says: 'Valid citations of the days shown by kind of source, of all of them. From rag_metrics_history; days from before kinds were counted are not in it until they are rolled up again.',
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    ofRows: true,
    namesOnTop: true,
    empty: noDays,
    queries: [
      sql(`select kind, (sum(citations::bigint) / sum(sum(citations::bigint)) over ())::float8 as share
from reporting.metrics_history, jsonb_each_text(citations_by_type) as cited(kind, citations)
where ${shown}
group by kind
order by share desc`),
    ],
  });
}

export function sourceKindsADay() {
  return graph({
    title: 'What answers rest on, by day',
    says: 'Share of each kind of source in the valid citations of a day in Asia/Tokyo. A kind that vanishes from one day to the next: its source was switched off, its content expired, or its permission was withdrawn. See the marks.',
    unit: 'percentunit',
    source: 'postgres',
    min: 0,
    max: 1,
    stacked: true,
    bars: true,
    empty: noDays,
    queries: [
      sqlSeries(
        `select ${time},\n  ${kinds.map((kind) => `(citations_by_type ->> '${kind}')::float8 / citation_count as ${kind}`).join(',\n  ')}\n${from}`,
      ),
    ],
  })
    .overrideByName('material', look({ colour: colours.good }))
    .overrideByName('note', look({ colour: colours.warn }))
    .overrideByName('document', look({ colour: colours.second }))
    .overrideByName('web', look({ colour: colours.third }))
    .overrideByName('other', look({ colour: colours.quiet }));
}
