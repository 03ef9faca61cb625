/** SLO compliance by day and week. */
import { type Objective, shownObjective } from '../../../services/slo/objectives.ts';
import { thresholdSteps } from '../../../services/slo/threshold-steps.ts';
import { overrides, valueMapping, wholeYen } from '../../overrides.ts';
import { statPanel, tablePanel } from '../../panel-builders.ts';
import { sqlTable } from '../../queries.ts';
import { colours, type Step, statusSteps } from '../../theme.ts';
import { answered, errorRate, noDays, shown } from '../daily-metrics.ts';

const errors = shownObjective('error_rate');
const erroneous = Number.isFinite(errors.target) ? `(coalesce(${errorRate}, 0) >= ${errors.target})::integer` : '0';

/** The number of objectives that a day breached; null without data. */
const breached = `case when (slo_compliance ->> 'overallMet') is not null or failed_queries > 0 then
    (select count(*) from jsonb_each_text(slo_compliance) as verdict
     where key <> 'overallMet' and value = 'false')
    + ${erroneous}
  end`;

const few = { '0': ['met', colours.good], '1': ['✗ 1', colours.warn] } as const;
const many = Object.fromEntries([2, 3, 4, 5].map((count) => [String(count), [`✗ ${count}`, colours.bad] as const]));
const breachedCounts = valueMapping({ ...few, ...many });

export function complianceCalendar() {
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const panel = tablePanel({
    title: 'SLO compliance calendar',
    description:
      'One row per week, newest first. Each day shows whether it met all objectives for citations, latency, cost, relevance and errors, or ✗ and the number of objectives breached. Dash: no answers, or no rollup.',
    unit: 'none',
    source: 'postgres',
    noValue: '–',
    queries: [
      sqlTable(`with day as (
  select date, ${breached} as breached
  from reporting.metrics_history
  where ${shown}
)
select to_char(date_trunc('week', date), 'YYYY-MM-DD') as "Week of",
  ${days.map((name, index) => `max(breached) filter (where extract(isodow from date) = ${index + 1}) as "${name}"`).join(',\n  ')}
from day
group by 1
order by 1 desc`),
    ],
  });
  panel.overrideByName('Week of', overrides({ width: 92 }));
  for (const name of days) {
    panel.overrideByName(
      name,
      overrides({
        coloured: true,
        narrow: true,
        mappings: [breachedCounts],
        steps: [{ value: null, color: 'transparent' }],
        noValue: '–',
      }),
    );
  }
  return panel;
}

export function compliantDays() {
  return statPanel({
    title: 'Days meeting all objectives',
    description: 'Share of days that met every objective, among the days shown that had answers.',
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    neutral: true,
    noValue: noDays,
    queries: [
      sqlTable(`select count(*) filter (where breached = 0)::float8 / nullif(count(breached), 0) as share
from (select ${breached} as breached from reporting.metrics_history where ${shown}) as day`),
    ],
  });
}

const thresholdCells = (objective: Objective): readonly Step[] => {
  const steps = statusSteps(thresholdSteps(objective));
  return steps.map((step) => (step.color === colours.good ? { ...step, color: 'transparent' } : step));
};

export function weeklySummary() {
  const panel = tablePanel({
    title: 'Weekly summary',
    description:
      'Means per week, newest first, weighted by answers: a quiet Sunday weighs less than a Monday. P95 is that of the slowest day, users are those of the busiest day, cost is per answer.',
    unit: 'none',
    source: 'postgres',
    noValue: noDays,
    queries: [
      sqlTable(`select to_char(date_trunc('week', date), 'YYYY-MM-DD') as week, count(*) as days, sum(total_queries) as answers,
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
    .overrideByName('week', overrides({ name: 'Week of', width: 92 }))
    .overrideByName('days', overrides({ name: 'Days', narrow: true }))
    .overrideByName('answers', overrides({ name: 'Answers', unit: 'locale', narrow: true }))
    .overrideByName('users', overrides({ name: 'Users', narrow: true }))
    .overrideByName(
      'cited',
      overrides({
        name: 'Citations',
        narrow: true,
        unit: 'percentunit',
        decimals: 1,
        coloured: true,
        steps: thresholdCells(shownObjective('citation_rate')),
        noValue: '–',
      }),
    )
    .overrideByName(
      'p95',
      overrides({
        name: 'P95',
        narrow: true,
        unit: 's',
        decimals: 2,
        coloured: true,
        steps: thresholdCells(shownObjective('latency', 0.95)),
        noValue: '–',
      }),
    )
    .overrideByName(
      'cost',
      overrides({
        name: 'Cost',
        narrow: true,
        unit: 'currencyJPY',
        decimals: 2,
        coloured: true,
        steps: thresholdCells(shownObjective('cost_per_answer')),
        noValue: '–',
      }),
    )
    .overrideByName(
      'relevance',
      overrides({
        name: 'Relevance',
        narrow: true,
        decimals: 2,
        coloured: true,
        steps: thresholdCells(shownObjective('relevance')),
        noValue: '–',
      }),
    )
    .overrideByName(
      'errors',
      overrides({
        name: 'Errors',
        narrow: true,
        unit: 'percentunit',
        decimals: 2,
        coloured: true,
        steps: thresholdCells(shownObjective('error_rate')),
        noValue: '–',
      }),
    )
    .overrideByName('yen', overrides({ name: 'Total', narrow: true, ...wholeYen, noValue: '–' }));
}
