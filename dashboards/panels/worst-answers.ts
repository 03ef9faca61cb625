/** The worst answers and the failed questions, one by one. */
import { shownObjective } from '../../services/slo/objectives.ts';
import { exploreLinks } from '../explore-links.ts';
import { overrides, valueMapping } from '../overrides.ts';
import { tablePanel } from '../panel-builders.ts';
import { sqlTable } from '../queries.ts';
import { colours } from '../theme.ts';

export function worstAnswers() {
  return tablePanel({
    title: 'Worst answers',
    description:
      'Downvoted answers first, then answers without a valid citation, then by lowest relevance and longest duration. Click the trace to see the retrieved passages, or the id to open the row. Question and answer text is not shown.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no answers',
    queries: [
      sqlTable(`select created_at as at, user_feedback as vote, citation_rate::float8 / 100 as cited, relevance_score::float8 as relevance,
  latency_ms::float8 / 1000 as seconds, token_cost_jpy::float8 as yen, model_used as model, trace_id as trace, id as answer
from reporting.answers
where $__timeFilter(created_at) and outcome = 'answered'
order by coalesce(user_feedback, 0) = -1 desc, coalesce(citation_rate, 100) = 0 desc, relevance_score nulls last, latency_ms desc nulls last, id
limit 25`),
    ],
  })
    .overrideByName('at', overrides({ name: 'Time', width: 170, unit: 'dateTimeAsIso' }))
    .overrideByName(
      'vote',
      overrides({
        name: 'Vote',
        width: 75,
        coloured: true,
        mappings: [valueMapping({ '-1': ['▼ down', colours.bad], '0': ['–'], '1': ['▲ up', colours.good] })],
        noValue: '–',
      }),
    )
    .overrideByName(
      'cited',
      overrides({
        name: 'Cited sentences',
        unit: 'percentunit',
        decimals: 0,
        width: 130,
        coloured: true,
        steps: citedSteps,
        noValue: '–',
      }),
    )
    .overrideByName(
      'relevance',
      overrides({
        name: 'Relevance',
        decimals: 2,
        width: 100,
        coloured: true,
        steps: relevanceSteps(shownObjective('relevance').target),
        noValue: 'not judged',
      }),
    )
    .overrideByName('seconds', overrides({ name: 'Duration', unit: 's', decimals: 1, width: 80 }))
    .overrideByName(
      'yen',
      overrides({ name: 'Cost', unit: 'currencyJPY', decimals: 2, width: 80, noValue: 'unpriced' }),
    )
    .overrideByName('model', overrides({ name: 'Model', width: 140 }))
    .overrideByName(
      'trace',
      overrides({
        name: 'Trace',
        links: [{ title: 'Trace', url: exploreLinks.trace(`\${__value.raw}`) }],
        noValue: '–',
      }),
    )
    .overrideByName(
      'answer',
      overrides({
        name: 'Answer',
        links: [
          {
            title: 'Row of the answer',
            url: exploreLinks.row(`select * from reporting.answers where id = '\${__value.raw}'`),
          },
        ],
      }),
    );
}

const citedSteps = [
  { value: null, color: colours.bad },
  { value: 0.01, color: 'transparent' },
];

function relevanceSteps(target: number) {
  return [
    { value: null, color: colours.notice },
    { value: target, color: 'transparent' },
  ];
}

export function failedQuestions() {
  return tablePanel({
    title: 'Failed questions',
    description:
      'Each failed question in the time range, with its stage, failure and trace. Several failures in a row of one model or stage are one incident.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no failures',
    queries: [
      sqlTable(`select at, stage, failure, model, trace_id as trace
from reporting.failures
where $__timeFilter(at)
order by at desc
limit 50`),
    ],
  })
    .overrideByName('at', overrides({ name: 'Time', width: 170, unit: 'dateTimeAsIso' }))
    .overrideByName('stage', overrides({ name: 'Stage', width: 100 }))
    .overrideByName('failure', overrides({ name: 'Failure', width: 190 }))
    .overrideByName('model', overrides({ name: 'Model', width: 130, noValue: '–' }))
    .overrideByName(
      'trace',
      overrides({
        name: 'Trace',
        links: [{ title: 'Trace', url: exploreLinks.trace(`\${__value.raw}`) }],
        noValue: '–',
      }),
    );
}
