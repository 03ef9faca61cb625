/** Panels of which days and weeks kept what was promised. */
import { type Objective, objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { called, colours, grid, look, numbers, type Step, stepsOf, wholeYen } from '../house-style.ts';
import { sql } from '../queries.ts';
import { answered, errorRate, noDays, shown } from './daily-rows.ts';

/** How many promises a day missed; null where nothing could be judged. */
const missed = `case when (slo_compliance ->> 'overallMet') is not null or failed_queries > 0 then
    (select count(*) from jsonb_each_text(slo_compliance) as verdict
     where key <> 'overallMet' and value = 'false')
    + (coalesce(${errorRate}, 0) >= ${objectives.errorRate.target})::integer
  end`;

const judged = { '0': ['kept', colours.good], '1': ['✗ 1', colours.warn] } as const;
const many = Object.fromEntries([2, 3, 4, 5].map((count) => [String(count), [`✗ ${count}`, colours.bad] as const]));
const verdicts = called({ ...judged, ...many });

export function calendar() {
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const panel = grid({
    title: 'Calendar: were the promises kept?',
    says: 'A week a row, newest first: whether each day kept its promises about citations, latency, cost, relevance and errors; ✗ and how many it missed. A dash: no answers, or the day was not rolled up.',
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
      look({
        painted: true,
        narrow: true,
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
    .overrideByName('days', look({ name: 'Days', narrow: true }))
    .overrideByName('answers', look({ name: 'Answers', unit: 'locale', narrow: true }))
    .overrideByName('users', look({ name: 'Users', narrow: true }))
    .overrideByName(
      'cited',
      look({
        name: 'Cited',
        narrow: true,
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
        narrow: true,
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
        narrow: true,
        unit: 'currencyJPY',
        decimals: 2,
        painted: true,
        steps: cellOf(objectives.costPerAnswer),
        empty: '–',
      }),
    )
    .overrideByName(
      'relevance',
      look({
        name: 'Score',
        narrow: true,
        decimals: 2,
        painted: true,
        steps: cellOf(objectives.relevance),
        empty: '–',
      }),
    )
    .overrideByName(
      'errors',
      look({
        name: 'Errors',
        narrow: true,
        unit: 'percentunit',
        decimals: 2,
        painted: true,
        steps: cellOf(objectives.errorRate),
        empty: '–',
      }),
    )
    .overrideByName('yen', look({ name: 'Spent', narrow: true, ...wholeYen, empty: '–' }));
}
