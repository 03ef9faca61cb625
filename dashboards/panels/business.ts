/** Panels of days and weeks, from the rows of the daily rollup; a day is one in Asia/Tokyo. */
import { formatValue } from '../../alerts/format-value.ts';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { type Objective, objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { within } from '../expressions.ts';
import { bars, called, colours, graph, grid, look, nothing, numbers, type Step, stepsOf } from '../house-style.ts';
import { now, sql, sqlSeries } from '../queries.ts';

/** Days that the time shown touches. */
const shown = `date >= ($__timeFrom()::timestamptz at time zone 'Asia/Tokyo')::date
  and date <= ($__timeTo()::timestamptz at time zone 'Asia/Tokyo')::date`;
/** The instant at which a day began, so that a graph in any zone shows it rightly. */
const time = `date::timestamp at time zone 'Asia/Tokyo' as time`;
const errorRate = 'failed_queries::float8 / nullif(failed_queries + total_queries, 0)';
const from = `from reporting.metrics_history\nwhere ${shown}\norder by date`;
/** The citation rate is a share of these. */
const answered = '(total_queries - no_answer_count)';
const noDays = 'no day was rolled up';

/** How many promises a day missed; null where nothing could be judged. */
const missed = `case when (slo_compliance ->> 'overallMet') is not null or failed_queries > 0 then
    (select count(*) from jsonb_each_text(slo_compliance) as verdict
     where key <> 'overallMet' and value = 'false')
    + (coalesce(${errorRate}, 0) >= ${objectives.errorRate.promise})::integer
  end`;

const judged = { '0': ['kept', colours.good], '1': ['1 missed', colours.warn] } as const;
const many = Object.fromEntries(
  [2, 3, 4, 5].map((count) => [String(count), [`${count} missed`, colours.bad] as const]),
);
const verdicts = called({ ...judged, ...many });

export function calendar() {
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const panel = grid({
    title: 'Calendar: were the promises kept?',
    says: 'A week a row, newest first: whether each day kept its promises about citations, latency, cost, relevance and errors, and how many it missed. A dash: no answers, or the day was not rolled up.',
    unit: 'none',
    source: 'postgres',
    empty: '–',
    queries: [
      sql(`with day as (
  select date, ${missed} as missed
  from reporting.metrics_history
  where ${shown}
)
select to_char(date_trunc('week', date), 'YYYY-MM-DD') as "Week of",
  ${days.map((name, index) => `max(missed) filter (where extract(isodow from date) = ${index + 1}) as "${name}"`).join(',\n  ')}
from day
group by 1
order by 1 desc`),
    ],
  });
  panel.overrideByName('Week of', look({ width: 92 }));
  for (const name of days) {
    panel.overrideByName(
      name,
      // As wide as seven days and the week fit half a board of 1,280 pixels.
      look({
        painted: true,
        width: 66,
        mappings: [verdicts],
        steps: [{ value: null, color: 'transparent' }],
        empty: '–',
      }),
    );
  }
  return panel;
}

export function keptDays() {
  return numbers({
    title: 'Days that kept every promise',
    says: 'Of the days shown that had answers, the share on which every promise was kept.',
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    quiet: true,
    empty: noDays,
    queries: [
      sql(`select count(*) filter (where missed = 0)::float8 / nullif(count(missed), 0) as kept
from (select ${missed} as missed from reporting.metrics_history where ${shown}) as day`),
    ],
  });
}

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
    unit: 'prefix:¥',
    decimals: 0,
    source: 'postgres',
    quiet: true,
    empty: noDays,
    queries: [sql(`select sum(total_cost)::float8 as yen from reporting.metrics_history where ${shown}`)],
  });
}

export function usersADay() {
  return numbers({
    title: 'Users on a day, at the median',
    says: 'Different users on a day, half of the days more and half fewer. Users of several days cannot be added up: the same person comes again.',
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    quiet: true,
    empty: noDays,
    queries: [
      sql(`select percentile_cont(0.5) within group (order by unique_users) as users
from reporting.metrics_history where ${shown}`),
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
    says: `${objective.title} of each day in Asia/Tokyo. Dashed: promised ${formatValue(objective.promise, objective.unit)}, and where somebody is told. A gap is a day without answers.`,
    unit,
    source: 'postgres',
    ...more,
    softMax: objective.direction === 'atLeast' ? 1 : last,
    steps: stepsOf(steps),
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

/** Sources of a week of answers: more would be read for longer than a person waits. */
const { citations } = answerMetrics;
const valid = { valid: 'true' } as const;
const byKind = within('7d', citations, { where: valid, by: 'source_type' });

export function sourceKinds() {
  return bars({
    title: 'What answers of the last 7 days rest on',
    says: 'Valid citations of the last seven days by kind of source: how learners’ answers divide over materials, notes, documents and the web.',
    unit: 'percentunit',
    decimals: 0,
    empty: nothing,
    queries: [
      now(`${byKind} / on () group_left () (${within('7d', citations, { where: valid })} > 0)`, '{{source_type}}'),
    ],
  });
}

const cellOf = (objective: Objective): readonly Step[] => {
  const steps = stepsOf(thresholdSteps(objective));
  return steps.map((step) => (step.color === colours.good ? { ...step, color: 'transparent' } : step));
};

export function weeks() {
  const panel = grid({
    title: 'Week by week',
    says: 'Each week, newest first: means of its days weighted by their answers, so that a quiet Sunday does not weigh as much as a Monday. P95 is that of the slowest day, users are those of the busiest; each: yen an answer; score: relevance.',
    unit: 'none',
    source: 'postgres',
    empty: noDays,
    queries: [
      sql(`select to_char(date_trunc('week', date), 'YYYY-MM-DD') as week, count(*) as days, sum(total_queries) as answers,
  max(unique_users) as users,
  (sum(citation_rate * ${answered}) / nullif(sum(${answered}) filter (where citation_rate is not null), 0) / 100)::float8 as cited,
  max(latency_p95_ms)::float8 / 1000 as p95,
  (sum(total_cost) / nullif(sum(priced_count), 0))::float8 as cost,
  (sum(average_relevance_score * total_queries) / nullif(sum(total_queries) filter (where average_relevance_score is not null), 0))::float8 as relevance,
  sum(failed_queries)::float8 / nullif(sum(failed_queries + total_queries), 0) as errors,
  sum(total_cost)::float8 as yen
from reporting.metrics_history
where ${shown}
group by 1
order by 1 desc`),
    ],
  });
  return panel
    .overrideByName('week', look({ name: 'Week of', width: 92 }))
    .overrideByName('days', look({ name: 'Days', width: 48 }))
    .overrideByName('answers', look({ name: 'Answers', unit: 'locale', width: 72 }))
    .overrideByName('users', look({ name: 'Users', width: 58 }))
    .overrideByName(
      'cited',
      look({
        name: 'Cited',
        width: 66,
        unit: 'percentunit',
        decimals: 1,
        painted: true,
        steps: cellOf(objectives.citationRate),
        empty: '–',
      }),
    )
    .overrideByName(
      'p95',
      look({
        name: 'P95',
        width: 66,
        unit: 's',
        decimals: 2,
        painted: true,
        steps: cellOf(objectives.latencyP95),
        empty: '–',
      }),
    )
    .overrideByName(
      'cost',
      look({
        name: 'Each',
        width: 62,
        unit: 'currencyJPY',
        decimals: 2,
        painted: true,
        steps: cellOf(objectives.costPerAnswer),
        empty: '–',
      }),
    )
    .overrideByName(
      'relevance',
      look({ name: 'Score', width: 58, decimals: 2, painted: true, steps: cellOf(objectives.relevance), empty: '–' }),
    )
    .overrideByName(
      'errors',
      look({
        name: 'Errors',
        width: 64,
        unit: 'percentunit',
        decimals: 2,
        painted: true,
        steps: cellOf(objectives.errorRate),
        empty: '–',
      }),
    )
    .overrideByName('yen', look({ name: 'Spent', width: 72, unit: 'prefix:¥', decimals: 0, empty: '–' }));
}
