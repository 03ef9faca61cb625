/** Panels of money: yen per answer, a day and a month, where the month will end, and what has no price. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { priceMetrics } from '../../services/catalogue/price-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { gained, within } from '../expressions.ts';
import { anyIs, colours, graph, look, numbers, stepsOf, wholeYen } from '../house-style.ts';
import { now, sql, sqlSeries } from '../queries.ts';
import { type House, whatToDo } from './promises.ts';

const { cost, pricedAnswers, unpricedAnswers } = answerMetrics;
const { target, warning, critical } = objectives.costPerAnswer;

/** What the house is made for: its answers a day, at what one may cost. */
const aDay = {
  target: limits.answersPerDay * target,
  warning: limits.answersPerDay * warning,
  critical: limits.answersPerDay * critical,
};
const daySteps = [
  { value: null, color: colours.good },
  { value: aDay.warning, color: colours.warn },
  { value: aDay.critical, color: colours.bad },
];
/** The month is a sum of days in Asia/Tokyo: the rows of those that are over, and of today what is there so far. */
const month = `with clock as (
  select now() at time zone 'Asia/Tokyo' as at
), days as (
  select date, total_cost from reporting.metrics_history, clock
  where date >= date_trunc('month', clock.at)::date and date < clock.at::date
), today as (
  select coalesce(sum(token_cost_jpy), 0) as total_cost from reporting.answers, clock
  where created_at >= date_trunc('day', clock.at) at time zone 'Asia/Tokyo' and created_at <= now()
), pace as (
  select avg(total_cost) as a_day from reporting.metrics_history, clock
  where date >= clock.at::date - 7 and date < clock.at::date
)`;

export function yenPerAnswer(house: House) {
  return numbers({
    title: `Per answer ≤ ¥${target}`,
    says: 'Mean cost of the answers in the time shown that have a price; free ones are among them. Steps are those of the promise. If it is high: review model usage, by model below.',
    unit: 'currencyJPY',
    decimals: 2,
    steps: stepsOf(thresholdSteps(objectives.costPerAnswer)),
    links: [whatToDo(house, 'costPerAnswer')],
    empty: 'no priced answers',
    queries: [now(`${gained(cost)} / (${gained(pricedAnswers)} > 0)`, 'per answer')],
  });
}

export function spentDay() {
  return numbers({
    title: 'Spent in 24 h',
    says: `Yen of the last 24 hours. An alert comes at ¥${aDay.warning}: ${limits.answersPerDay} answers at the cost that warns. Review who asks how much.`,
    ...wholeYen,
    steps: daySteps,
    queries: [now(within('1d', cost), 'spent')],
  });
}

export function monthSoFar() {
  return numbers({
    title: 'This month so far',
    says: 'Yen since the first of the month in Asia/Tokyo: the days that were rolled up, and today so far.',
    ...wholeYen,
    source: 'postgres',
    quiet: true,
    queries: [
      sql(
        `${month}\nselect (coalesce((select sum(total_cost) from days), 0) + today.total_cost)::float8 as yen from today`,
      ),
    ],
  });
}

export function monthForecast() {
  return numbers({
    title: 'At month’s end',
    says: `What the month will come to if the days that are left cost as much as the mean of the last seven. Coloured against ${limits.answersPerDay} answers a day at what is promised, and at the cost that warns.`,
    ...wholeYen,
    source: 'postgres',
    steps: [
      { value: null, color: colours.good },
      { value: aDay.target * 30, color: colours.notice },
      { value: aDay.warning * 30, color: colours.warn },
    ],
    empty: 'no days yet',
    queries: [
      sql(`${month}
select (
  coalesce((select sum(total_cost) from days), 0)
  + greatest(today.total_cost, pace.a_day)
  + pace.a_day * (extract(day from date_trunc('month', clock.at) + interval '1 month - 1 day') - extract(day from clock.at))
)::float8 as yen
from clock, today, pace`),
    ],
  });
}

export function budgetUsed() {
  return numbers({
    title: 'Of the budget',
    says: `What was spent this month, of ¥${aDay.target} a day for each day of it: ${limits.answersPerDay} answers a day at what is promised. Above 100 % the month is lost.`,
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    steps: [
      { value: null, color: colours.good },
      { value: 0.8, color: colours.warn },
      { value: 1, color: colours.bad },
    ],
    queries: [
      sql(`${month}
select (
  (coalesce((select sum(total_cost) from days), 0) + today.total_cost)
  / (${aDay.target} * extract(day from date_trunc('month', clock.at) + interval '1 month - 1 day'))
)::float8 as used
from clock, today`),
    ],
  });
}

export function unpriced() {
  return numbers({
    title: 'Without a price',
    says: 'Answers in the time shown whose model is missing in the price book: their cost is unknown, not zero, and every number here is too low. Add the model to the price book.',
    unit: 'none',
    decimals: 0,
    steps: anyIs(colours.warn),
    queries: [now(gained(unpricedAnswers), 'unpriced')],
  });
}

export function spendByDay() {
  return graph({
    title: 'Yen a day, last 60 days',
    says: 'Days in Asia/Tokyo as they were rolled up. Dashed: what a day may cost before somebody is told. Today is not in it.',
    unit: 'currencyJPY',
    source: 'postgres',
    min: 0,
    bars: true,
    steps: daySteps,
    showSteps: true,
    queries: [
      sqlSeries(`select date::timestamp at time zone 'Asia/Tokyo' as time, total_cost::float8 as yen
from reporting.metrics_history
where date >= (now() at time zone 'Asia/Tokyo')::date - 60
order by date`),
    ],
  })
    .timeFrom('60d')
    .overrideByName('yen', look({ colour: colours.good }));
}

export function priceAge() {
  return numbers({
    title: 'Prices as of',
    says: `How long ago the price book and the exchange rates were brought up to date. After ${limits.pricesAgeDays} days somebody is told: compare them with what is charged today.`,
    unit: 'dtdurations',
    decimals: 0,
    named: true,
    steps: [
      { value: null, color: colours.good },
      { value: limits.pricesAgeDays * 86_400, color: colours.warn },
    ],
    empty: 'no model: nothing is charged',
    queries: [now(`time() - max by (file) (${priceMetrics.pricesAsOf.name})`, '{{file}}')],
  });
}
