/** Cost: per answer, per day and per month, forecast, and unpriced answers. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { priceMetrics } from '../../services/catalogue/price-metrics.ts';
import { limits, spend } from '../../services/slo/limits.ts';
import { shownObjective } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import type { DashboardContext } from '../context.ts';
import { increaseOver, increaseOverRange } from '../expressions.ts';
import { overrides, wholeYen } from '../overrides.ts';
import { statPanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, sqlSeries, sqlTable } from '../queries.ts';
import { colours, nonZeroSteps, statusSteps } from '../theme.ts';
import { runbookLink } from './slo/objectives.ts';

const { cost, pricedAnswers } = answerMetrics;
const objective = shownObjective('cost_per_answer');

/** Cost of a day: the budget of slo.yaml, else with the expected number of answers. Undefined: the objective has no such number. */
const { dailyBudget } = spend;
const dailyCost = {
  target: dailyBudget ?? (Number.isFinite(objective.target) ? limits.answersPerDay * objective.target : undefined),
  warning: dailyBudget ?? (objective.warning === undefined ? undefined : limits.answersPerDay * objective.warning),
  critical:
    dailyBudget === undefined
      ? objective.critical === undefined
        ? undefined
        : limits.answersPerDay * objective.critical
      : dailyBudget * limits.spend.budgetCritical,
};
const plan =
  dailyBudget === undefined
    ? `${limits.answersPerDay} answers a day at the target and at the warning threshold`
    : `the daily budget of ¥${dailyBudget}`;
const dailyCostSteps = [
  { value: null, color: colours.good },
  ...(dailyCost.warning === undefined ? [] : [{ value: dailyCost.warning, color: colours.warn }]),
  ...(dailyCost.critical === undefined ? [] : [{ value: dailyCost.critical, color: colours.bad }]),
];
/** Days in Asia/Tokyo: rollup rows of past days, and the answers of today. */
const month = `with clock as (
  select now() at time zone 'Asia/Tokyo' as at
), days as (
  select date, total_cost from reporting.metrics_history, clock
  where date >= date_trunc('month', clock.at)::date and date < clock.at::date
), today as (
  select coalesce(sum(token_cost_jpy), 0) as total_cost from reporting.answers, clock
  where created_at >= date_trunc('day', clock.at) at time zone 'Asia/Tokyo' and created_at <= now()
), pace as (
  select avg(total_cost) as per_day from reporting.metrics_history, clock
  where date >= clock.at::date - 7 and date < clock.at::date
)`;

export function costPerAnswer(context: DashboardContext) {
  return statPanel({
    title: Number.isFinite(objective.target) ? `Cost per answer ≤ ¥${objective.target}` : 'Cost per answer',
    description:
      'Mean cost of priced answers in the time range, including free ones. Colours follow the objective. If it is high, review the usage per model below.',
    unit: 'currencyJPY',
    decimals: 2,
    steps: statusSteps(thresholdSteps(shownObjective('cost_per_answer'))),
    links: [runbookLink(context, objective.name)],
    noValue: 'no priced answers',
    queries: [
      instantQuery(
        `${increaseOverRange(cost, { where: { kind: 'answer' } })} / (${increaseOverRange(pricedAnswers)} > 0)`,
        'cost per answer',
      ),
    ],
  });
}

export function costLastDay() {
  return statPanel({
    title: 'Cost, last 24 h',
    description: `Cost of the last 24 hours in yen. A warning fires at ${limits.spend.warning} times the usual of the last four weeks${dailyBudget === undefined ? '' : `, and above the daily budget of ¥${dailyBudget}`}. Check which users and models cause it.`,
    ...wholeYen,
    steps: dailyCostSteps,
    queries: [instantQuery(increaseOver('1d', cost), 'cost')],
  });
}

export function costThisMonth() {
  return statPanel({
    title: 'Cost, this month',
    description: 'Cost since the first of the month in Asia/Tokyo, in yen: the days rolled up, and today so far.',
    ...wholeYen,
    source: 'postgres',
    neutral: true,
    queries: [
      sqlTable(
        `${month}\nselect (coalesce((select sum(total_cost) from days), 0) + today.total_cost)::float8 as yen from today`,
      ),
    ],
  });
}

export function monthForecast() {
  return statPanel({
    title: 'Month-end forecast',
    description: `Expected cost of the month if the remaining days cost as much as the mean of the last seven. Colours compare it with ${plan}.`,
    ...wholeYen,
    source: 'postgres',
    steps: [
      { value: null, color: colours.good },
      ...(dailyCost.target === undefined ? [] : [{ value: dailyCost.target * 30, color: colours.notice }]),
      ...(dailyCost.warning === undefined ? [] : [{ value: dailyCost.warning * 30, color: colours.warn }]),
    ],
    noValue: 'no days',
    queries: [
      sqlTable(`${month}
select (
  coalesce((select sum(total_cost) from days), 0)
  + greatest(today.total_cost, pace.per_day)
  + pace.per_day * (extract(day from date_trunc('month', clock.at) + interval '1 month - 1 day') - extract(day from clock.at))
)::float8 as yen
from clock, today, pace`),
    ],
  });
}

export function budgetUsed() {
  return statPanel({
    title: 'Monthly budget used',
    description: `Share of the monthly budget spent. The budget is ¥${dailyCost.target} a day${dailyBudget === undefined ? `: ${limits.answersPerDay} answers at the target cost` : ', from slo.yaml'}. Above 100 % the budget is exceeded.`,
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    steps: [
      { value: null, color: colours.good },
      { value: 0.8, color: colours.warn },
      { value: 1, color: colours.bad },
    ],
    queries: [
      sqlTable(`${month}
select (
  (coalesce((select sum(total_cost) from days), 0) + today.total_cost)
  / (${dailyCost.target} * extract(day from date_trunc('month', clock.at) + interval '1 month - 1 day'))
)::float8 as used
from clock, today`),
    ],
  });
}

export function unpricedAnswers() {
  return statPanel({
    title: 'Unpriced answers',
    description:
      'Answers in the time range whose model is missing in the price book. Their cost is unknown, not zero, so all costs on this dashboard are too low. Add the model to the price book.',
    unit: 'none',
    decimals: 0,
    steps: nonZeroSteps(colours.warn),
    queries: [instantQuery(increaseOverRange(answerMetrics.unpricedAnswers), 'unpriced')],
  });
}

export function costPerDay() {
  return timeSeriesPanel({
    title: 'Daily cost, last 60 days',
    description:
      'Cost per day in Asia/Tokyo from the rollup, without today. Dashed: the warning and critical thresholds.',
    unit: 'currencyJPY',
    source: 'postgres',
    min: 0,
    bars: true,
    steps: dailyCostSteps,
    showSteps: true,
    queries: [
      sqlSeries(`select date::timestamp at time zone 'Asia/Tokyo' as time, total_cost::float8 as yen
from reporting.metrics_history
where date >= (now() at time zone 'Asia/Tokyo')::date - 60
order by date`),
    ],
  })
    .timeFrom('60d')
    .overrideByName('yen', overrides({ colour: colours.good }));
}

export function priceAge() {
  return statPanel({
    title: 'Price age',
    description: `Time since the price book and the exchange rates were last updated. A warning fires after ${limits.pricesAgeDays} days: compare them with the current prices.`,
    unit: 'dtdurations',
    decimals: 0,
    showNames: true,
    steps: [
      { value: null, color: colours.good },
      { value: limits.pricesAgeDays * 86_400, color: colours.warn },
    ],
    noValue: 'no priced model',
    queries: [instantQuery(`time() - max by (file) (${priceMetrics.pricesAsOf.name})`, '{{file}}')],
  });
}
