/** Cost drivers: models, their tokens, and users. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { genaiMetrics } from '../../services/catalogue/genai-metrics.ts';
import { shownObjective } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { perMinute, rate, share } from '../expressions.ts';
import { overrides, wholeYen } from '../overrides.ts';
import { barGaugePanel, tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { rangeQuery, sqlTable } from '../queries.ts';
import { colours, nonZeroSteps, targetLines } from '../theme.ts';

const { cost, pricedAnswers } = answerMetrics;
const { inputTokens, cachedInputTokens, outputTokens } = genaiMetrics;

export function costPerHour() {
  return timeSeriesPanel({
    title: 'Cost per hour by model',
    description:
      'Cost in yen, stacked by model. If it rises without more questions, prompts are longer or a model is more expensive: check the tokens and the annotations.',
    unit: 'currencyJPY',
    min: 0,
    stacked: true,
    queries: [rangeQuery(`60 * ${perMinute(cost, { by: 'model' })}`, '{{model}}')],
  });
}

export function costPerAnswerByModel() {
  return timeSeriesPanel({
    title: 'Cost per answer by model',
    description:
      'Mean cost of an answer per model. Dashed: target, warning and critical. A model far above the others may answer questions that a smaller model could answer.',
    unit: 'currencyJPY',
    min: 0,
    ...softMaxOf(shownObjective('cost_per_answer').critical),
    steps: targetLines(thresholdSteps(shownObjective('cost_per_answer'))),
    showSteps: true,
    queries: [
      rangeQuery(
        `${rate(cost, { where: { kind: 'answer' }, by: 'model' })} / (${rate(pricedAnswers, { by: 'model' })} > 0)`,
        '{{model}}',
      ),
    ],
  });
}

export function tokensPerMinute() {
  return timeSeriesPanel({
    title: 'Tokens per minute',
    description:
      'Input tokens, cached input tokens at a lower price, and output tokens. If input grows without more questions, the passages are longer or more numerous.',
    unit: 'short',
    min: 0,
    queries: [
      rangeQuery(perMinute(inputTokens), 'input'),
      rangeQuery(perMinute(cachedInputTokens), 'cached input'),
      rangeQuery(perMinute(outputTokens), 'output'),
    ],
    noValue: 'no model',
  })
    .overrideByName('input', overrides({ colour: colours.good }))
    .overrideByName('cached input', overrides({ colour: colours.second, dashed: true }))
    .overrideByName('output', overrides({ colour: colours.fourth }));
}

export function cachedTokenShare() {
  return timeSeriesPanel({
    title: 'Cached share of input tokens by model',
    description:
      'Share of input tokens that models read from their prompt cache. It falls if the beginning of the prompt differs between questions: put the constant part first.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    queries: [
      rangeQuery(
        share(
          rate(cachedInputTokens, { by: 'gen_ai_request_model' }),
          rate(inputTokens, { by: 'gen_ai_request_model' }),
          {
            by: 'gen_ai_request_model',
          },
        ),
        '{{gen_ai_request_model}}',
      ),
    ],
    noValue: 'no model',
  });
}

export function costByUserDecile() {
  return barGaugePanel({
    title: 'Cost share by user decile',
    description:
      'Users in the time range, in ten equal groups from the most to the least expensive. Fewer than ten users are shown individually. If the first decile causes most of the cost, limit the cost per user. If all cost the same, only a cheaper model helps.',
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    barPerRow: true,
    queries: [
      sqlTable(`with spent as (
  select user_pseudonym, sum(token_cost_jpy) as yen
  from reporting.answers
  where $__timeFilter(created_at) and token_cost_jpy is not null
  group by user_pseudonym
), ranked as (
  select yen, ntile(10) over (order by yen desc) as decile, count(*) over () as users from spent
)
select case when ranked.users < 10 then 'user ' || decile || ' of ' || ranked.users else 'decile ' || decile end as users,
  (sum(yen) / nullif(sum(sum(yen)) over (), 0))::float8 as share
from ranked
group by decile, ranked.users
order by decile`),
    ],
  });
}

export function mostExpensiveModels() {
  return tablePanel({
    title: 'Most expensive models',
    description:
      'Models used in the time range with their answers, mean input and output tokens per answer, and cost. Unpriced answers have no cost.',
    unit: 'none',
    source: 'postgres',
    queries: [
      sqlTable(`select model_used as model, count(*) as answers, count(*) - count(token_cost_jpy) as unpriced,
  avg(prompt_tokens)::float8 as input, avg(completion_tokens)::float8 as output, avg(token_cost_jpy)::float8 as mean,
  max(token_cost_jpy)::float8 as highest, sum(token_cost_jpy)::float8 as yen
from reporting.answers
where $__timeFilter(created_at)
group by model_used
order by yen desc nulls last
limit 20`),
    ],
  })
    .overrideByName('model', overrides({ name: 'Model', narrow: true }))
    .overrideByName('answers', overrides({ name: 'Answers', width: 70 }))
    .overrideByName(
      'unpriced',
      overrides({
        name: 'Unpriced',
        width: 85,
        coloured: true,
        steps: nonZeroSteps(colours.warn, 'transparent'),
      }),
    )
    .overrideByName('input', overrides({ name: 'Input', width: 62, decimals: 0, noValue: '–' }))
    .overrideByName('output', overrides({ name: 'Output', width: 66, decimals: 0, noValue: '–' }))
    .overrideByName('mean', overrides({ name: 'Mean', width: 66, unit: 'currencyJPY', decimals: 2, noValue: '–' }))
    .overrideByName(
      'highest',
      overrides({ name: 'Highest', width: 68, unit: 'currencyJPY', decimals: 2, noValue: '–' }),
    )
    .overrideByName('yen', overrides({ name: 'Total', width: 76, ...wholeYen, noValue: '–' }));
}

function softMaxOf(critical: number | undefined): { softMax?: number } {
  return critical === undefined ? {} : { softMax: critical };
}
