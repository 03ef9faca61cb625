/** Panels of how well answers serve: relevance, honest "not found", votes, and the worst of them one by one. */
import { select } from '../../alerts/promql.ts';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { explore } from '../explore.ts';
import { gained, mean, perMinute, rate, share } from '../expressions.ts';
import { called, colours, graph, grid, heat, look, numbers, stepsOf } from '../house-style.ts';
import { linesOf } from '../promise-lines.ts';
import { buckets, now, over, sql } from '../queries.ts';
import { type House, whatToDo } from './promises.ts';

const { answers, feedback, relevance } = answerMetrics;
const told = { outcome: ['answered', 'no_answer'] } as const;

export function relevanceNow(house: House) {
  const part = (suffix: string) => gained({ name: `${relevance.name}_${suffix}` });
  return numbers({
    title: 'Relevance',
    says: 'Mean score of the answers in the time shown, 0 to 1, by the words they share with their sources, or by the worker’s judge where a model is configured; answers that were not judged are not in it. Steps are those of the promise.',
    unit: 'none',
    decimals: 2,
    steps: stepsOf(thresholdSteps(objectives.relevance)),
    links: [whatToDo(house, 'relevance')],
    empty: 'none judged',
    queries: [now(`${part('sum')} / (${part('count')} > 0)`, 'relevance')],
  });
}

export function notFoundNow() {
  return numbers({
    title: 'Not found',
    says: 'Share of replies in the time shown that say honestly that the materials do not answer. It costs no promise; when it rises, materials are missing or retrieval is broken.',
    unit: 'percentunit',
    decimals: 1,
    quiet: true,
    queries: [
      now(share(gained(answers, { where: { outcome: 'no_answer' } }), gained(answers, { where: told })), 'not found'),
    ],
  });
}

export function votedNow() {
  return numbers({
    title: `Voted on, of ${limits.votedOn * 100} %`,
    says: `Share of the answers in the time shown that somebody voted on; ${limits.votedOn * 100} % is aimed at. Below it, votes tell of those who vote. Make the buttons easier to find.`,
    unit: 'percentunit',
    decimals: 1,
    source: 'postgres',
    steps: [
      { value: null, color: colours.notice },
      { value: limits.votedOn, color: colours.good },
    ],
    queries: [
      sql(`select count(*) filter (where user_feedback in (-1, 1))::float8 / nullif(count(*), 0) as voted_on
from reporting.answers
where $__timeFilter(created_at)`),
    ],
  });
}

export function upvotedNow() {
  return numbers({
    title: 'Of votes, up',
    says: 'Share of votes cast in the time shown that are up. Read it beside the worst answers: what was voted down is listed there first.',
    unit: 'percentunit',
    decimals: 0,
    quiet: true,
    empty: 'no votes',
    queries: [
      now(
        share(gained(feedback, { where: { vote: 'up' } }), gained(feedback, { where: { vote: ['up', 'down'] } })),
        'up',
      ),
    ],
  });
}

export function relevanceTrend() {
  return graph({
    title: 'Relevance, over time',
    says: 'Mean score of answers. Dashed: what is promised. It falls with worse passages before citations do: look at what was asked lately and not found.',
    unit: 'none',
    min: 0,
    max: 1,
    steps: linesOf(thresholdSteps(objectives.relevance)),
    showSteps: true,
    queries: [over(mean(relevance), 'mean')],
    empty: 'none judged',
  }).overrideByName('mean', look({ colour: colours.good }));
}

export function relevanceSpread() {
  return heat({
    title: 'Scores of answers',
    says: 'How many answers had which score. A second band at the bottom is a kind of question that the materials do not serve, hidden in the mean.',
    unit: 'none',
    empty: 'none judged',
    queries: [buckets(`sum by (le) (increase(${select(`${relevance.name}_bucket`)}[$__rate_interval]))`)],
  });
}

export function notFoundTrend() {
  return graph({
    title: 'Honestly not found',
    says: 'Share of replies without an answer in the materials. A step up after content was removed or a plugin switched off is no accident: see the marks.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.3,
    queries: [
      over(share(rate(answers, { where: { outcome: 'no_answer' } }), rate(answers, { where: told })), 'not found'),
    ],
  }).overrideByName('not found', look({ colour: colours.other }));
}

export function votes() {
  return graph({
    title: 'Votes an hour',
    says: 'Votes as they were cast: up, down, and taken back. More down than up within an hour: read the worst answers.',
    unit: 'none',
    min: 0,
    queries: [over(`60 * ${perMinute(feedback, { by: 'vote' })}`, '{{vote}}')],
    empty: 'no votes',
  })
    .overrideByName('up', look({ colour: colours.good }))
    .overrideByName('down', look({ colour: colours.bad, dashed: true }))
    .overrideByName('none', look({ name: 'taken back', colour: colours.quiet }));
}

export function judgements() {
  return graph({
    title: 'Answers judged by a model, an hour',
    says: 'What the worker had a model judge, and what could not be judged. Failed ones have no score and are in no mean. Empty without a model.',
    unit: 'none',
    min: 0,
    queries: [over(`60 * ${perMinute(workerMetrics.judgements, { by: 'state' })}`, '{{state}}')],
    empty: 'no judge',
  });
}

export function worstAnswers() {
  return grid({
    title: 'The worst answers',
    says: 'Voted down first, then without a valid citation, then by relevance and by how long they took. Click the trace to see what was retrieved; click the answer for its row. The text stays with the learner.',
    unit: 'none',
    source: 'postgres',
    empty: 'no answers',
    queries: [
      sql(`select created_at as at, user_feedback as vote, citation_rate::float8 / 100 as cited, relevance_score::float8 as relevance,
  latency_ms::float8 / 1000 as seconds, token_cost_jpy::float8 as yen, model_used as model, trace_id as trace, id as answer
from reporting.answers
where $__timeFilter(created_at) and outcome = 'answered'
order by coalesce(user_feedback, 0) = -1 desc, coalesce(citation_rate, 100) = 0 desc, relevance_score nulls last, latency_ms desc nulls last, id
limit 25`),
    ],
  })
    .overrideByName('at', look({ name: 'At', width: 170, unit: 'dateTimeAsIso' }))
    .overrideByName(
      'vote',
      look({
        name: 'Vote',
        width: 75,
        painted: true,
        mappings: [called({ '-1': ['▼ down', colours.bad], '0': ['–'], '1': ['▲ up', colours.good] })],
        empty: '–',
      }),
    )
    .overrideByName(
      'cited',
      look({
        name: 'Sentences cited',
        unit: 'percentunit',
        decimals: 0,
        width: 130,
        painted: true,
        steps: citedSteps,
        empty: '–',
      }),
    )
    .overrideByName(
      'relevance',
      look({
        name: 'Relevance',
        decimals: 2,
        width: 100,
        painted: true,
        steps: cells(objectives.relevance.target),
        empty: 'not judged',
      }),
    )
    .overrideByName('seconds', look({ name: 'Took', unit: 's', decimals: 1, width: 80 }))
    .overrideByName('yen', look({ name: 'Cost', unit: 'currencyJPY', decimals: 2, width: 80, empty: 'unpriced' }))
    .overrideByName('model', look({ name: 'Model', width: 140 }))
    .overrideByName(
      'trace',
      look({ name: 'Trace', links: [{ title: 'Trace', url: explore.trace(`\${__value.raw}`) }], empty: '–' }),
    )
    .overrideByName(
      'answer',
      look({
        name: 'Answer',
        links: [{ title: 'Its row', url: explore.row(`select * from reporting.answers where id = '\${__value.raw}'`) }],
      }),
    );
}

const citedSteps = [
  { value: null, color: colours.bad },
  { value: 0.01, color: 'transparent' },
];

function cells(promise: number) {
  return [
    { value: null, color: colours.notice },
    { value: promise, color: 'transparent' },
  ];
}

export function failures() {
  return grid({
    title: 'Questions without an answer',
    says: 'Each failed question of the time shown: where and how, with its trace. Several with one model or stage in a row are one incident.',
    unit: 'none',
    source: 'postgres',
    empty: 'nothing failed',
    queries: [
      sql(`select at, stage, failure, model, trace_id as trace
from reporting.failures
where $__timeFilter(at)
order by at desc
limit 50`),
    ],
  })
    .overrideByName('at', look({ name: 'At', width: 170, unit: 'dateTimeAsIso' }))
    .overrideByName('stage', look({ name: 'Stage', width: 100 }))
    .overrideByName('failure', look({ name: 'Failure', width: 190 }))
    .overrideByName('model', look({ name: 'Model', width: 130, empty: '–' }))
    .overrideByName(
      'trace',
      look({ name: 'Trace', links: [{ title: 'Trace', url: explore.trace(`\${__value.raw}`) }], empty: '–' }),
    );
}
