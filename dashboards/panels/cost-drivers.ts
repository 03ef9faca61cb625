/** Panels of what drives the cost: models, their tokens, and users. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { genaiMetrics } from '../../services/catalogue/genai-metrics.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { perMinute, rate, share } from '../expressions.ts';
import { anyIs, bars, colours, graph, grid, look, wholeYen } from '../house-style.ts';
import { linesOf } from '../promise-lines.ts';
import { over, sql } from '../queries.ts';

const { cost, pricedAnswers } = answerMetrics;
const { inputTokens, cachedInputTokens, outputTokens } = genaiMetrics;

export function spendByModel() {
  return graph({
    title: 'Yen an hour, by model',
    says: 'What is being spent, stacked by model. A step without more questions is a longer prompt or a dearer model: see the tokens and the marks.',
    unit: 'currencyJPY',
    min: 0,
    stacked: true,
    queries: [over(`60 * ${perMinute(cost, { by: 'model' })}`, '{{model}}')],
  });
}

export function costByModel() {
  return graph({
    title: 'Yen per answer, by model',
    says: 'Mean cost of an answer of each model. Dashed: the steps of the promise. One that is far above the others answers questions that a smaller one could.',
    unit: 'currencyJPY',
    min: 0,
    softMax: objectives.costPerAnswer.critical,
    steps: linesOf(thresholdSteps(objectives.costPerAnswer)),
    showSteps: true,
    queries: [over(`${rate(cost, { by: 'model' })} / (${rate(pricedAnswers, { by: 'model' })} > 0)`, '{{model}}')],
  });
}

export function tokens() {
  return graph({
    title: 'Tokens a minute',
    says: 'What models read, read from their cache at a lower price, and wrote. Input that grows without more questions: more or longer passages.',
    unit: 'short',
    min: 0,
    queries: [
      over(perMinute(inputTokens), 'read'),
      over(perMinute(cachedInputTokens), 'of those cached'),
      over(perMinute(outputTokens), 'written'),
    ],
    empty: 'no model',
  })
    .overrideByName('read', look({ colour: colours.good }))
    .overrideByName('of those cached', look({ colour: colours.second, dashed: true }))
    .overrideByName('written', look({ colour: colours.fourth }));
}

export function cachedShare() {
  return graph({
    title: 'Share of input from the cache, by model',
    says: 'Tokens that models read from their cache, of all they read. It falls when the beginning of the prompt changes with each question: keep what is the same first.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    queries: [
      over(
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
    empty: 'no model',
  });
}

export function costByUserDecile() {
  return bars({
    title: 'Share of the cost, by tenth of the users',
    says: 'Users of the time shown in ten equal groups, the dearest first; fewer than ten users stand each for itself. If the first tenth costs most of it, a limit for each user helps; if all cost alike, only a cheaper model does.',
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    ofRows: true,
    queries: [
      sql(`with spent as (
  select user_pseudonym, sum(token_cost_jpy) as yen
  from reporting.answers
  where $__timeFilter(created_at) and token_cost_jpy is not null
  group by user_pseudonym
), ranked as (
  select yen, ntile(10) over (order by yen desc) as tenth, count(*) over () as users from spent
)
select case when users < 10 then 'user ' || tenth || ' of ' || users else 'tenth ' || tenth end as whose,
  (sum(yen) / nullif(sum(sum(yen)) over (), 0))::float8 as share
from ranked
group by tenth, users
order by ranked.tenth`),
    ],
  });
}

export function dearestModels() {
  return grid({
    title: 'Dearest models of the time shown',
    says: 'Each model with its answers, the tokens that one reads and writes, and yen. Unpriced answers have no yen at all.',
    unit: 'none',
    source: 'postgres',
    queries: [
      sql(`select model_used as model, count(*) as answers, count(*) - count(token_cost_jpy) as unpriced,
  avg(prompt_tokens)::float8 as read, avg(completion_tokens)::float8 as written, avg(token_cost_jpy)::float8 as mean,
  max(token_cost_jpy)::float8 as dearest, sum(token_cost_jpy)::float8 as yen
from reporting.answers
where $__timeFilter(created_at)
group by model_used
order by yen desc nulls last
limit 20`),
    ],
  })
    .overrideByName('model', look({ name: 'Model', narrow: true }))
    .overrideByName('answers', look({ name: 'Answers', width: 70 }))
    .overrideByName(
      'unpriced',
      look({
        name: 'Unpriced',
        width: 85,
        painted: true,
        steps: anyIs(colours.warn, 'transparent'),
      }),
    )
    .overrideByName('read', look({ name: 'Read', width: 62, decimals: 0, empty: '–' }))
    .overrideByName('written', look({ name: 'Written', width: 66, decimals: 0, empty: '–' }))
    .overrideByName('mean', look({ name: 'Mean', width: 66, unit: 'currencyJPY', decimals: 2, empty: '–' }))
    .overrideByName('dearest', look({ name: 'Dearest', width: 68, unit: 'currencyJPY', decimals: 2, empty: '–' }))
    .overrideByName('yen', look({ name: 'Together', width: 76, ...wholeYen, empty: '–' }));
}
