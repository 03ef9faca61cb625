/** Panels of citations: how many answers have a valid one, what is cited, and what was made up or withheld. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { gained, perMinute, rate, share } from '../expressions.ts';
import { bars, colours, graph, grid, look, numbers, stepsOf } from '../house-style.ts';
import { linesOf } from '../promise-lines.ts';
import { now, over, sql } from '../queries.ts';
import { type House, whatToDo } from './promises.ts';

const { answers, citations, withheldPassages } = answerMetrics;
const answered = { outcome: 'answered' } as const;
const invalid = { valid: 'false' } as const;

export function citedShare(house: House) {
  return numbers({
    title: 'Cited',
    says: 'Answers in the time shown with at least one valid citation. An honest "not found" is not among them, so it never costs. Steps are those of the promise. If it is low: review content sources.',
    unit: 'percentunit',
    decimals: 1,
    steps: stepsOf(thresholdSteps(objectives.citationRate)),
    links: [whatToDo(house, 'citationRate')],
    queries: [
      now(
        share(gained(answers, { where: { ...answered, cited: 'true' } }), gained(answers, { where: answered })),
        'cited',
      ),
    ],
  });
}

export function invalidShare() {
  return numbers({
    title: 'Made up',
    says: 'Citations in the time shown whose excerpt does not stand in the source they name: the model made it up. Of which kind of source: below.',
    unit: 'percentunit',
    decimals: 1,
    steps: invalidSteps,
    queries: [now(share(gained(citations, { where: invalid }), gained(citations)), 'made up')],
  });
}

const invalidSteps = [
  { value: null, color: colours.good },
  { value: limits.invalidCitations.share, color: colours.warn },
];

export function citedByModel() {
  return graph({
    title: 'Answers with a valid citation, by model',
    says: 'The promise about citations for each model. One model below the others: its prompt or its context window. All of them: the sources, or retrieval.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    steps: linesOf(thresholdSteps(objectives.citationRate)),
    showSteps: true,
    queries: [
      over(
        share(
          rate(answers, { where: { ...answered, cited: 'true' }, by: 'model' }),
          rate(answers, { where: answered, by: 'model' }),
          { by: 'model' },
        ),
        '{{model}}',
      ),
    ],
  });
}

export function invalidByType() {
  return graph({
    title: 'Made-up citations, by kind of source',
    says: 'Share of citations whose excerpt is not in the source, by kind. Dashed: where an alert begins. A model that makes up web pages and no materials reads its prompt wrongly.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.3,
    steps: invalidSteps,
    showSteps: true,
    queries: [
      over(
        share(rate(citations, { where: invalid, by: 'source_type' }), rate(citations, { by: 'source_type' }), {
          by: 'source_type',
        }),
        '{{source_type}}',
      ),
    ],
  });
}

export function sourceTypes() {
  return bars({
    title: 'Valid citations, by kind of source',
    says: 'What answers of the time shown rest on. A kind that is missing was not found, not granted, or its plugin is off.',
    unit: 'none',
    decimals: 0,
    queries: [now(gained(citations, { where: { valid: 'true' }, by: 'source_type' }), '{{source_type}}')],
  });
}

export function citedSources() {
  return grid({
    title: 'Most cited sources',
    says: 'Sources that answers of the time shown cite, how often, and how many of those citations do not stand in them. If one carries most answers, see when it expires.',
    unit: 'none',
    source: 'postgres',
    empty: 'nothing cited',
    queries: [
      sql(`select source, min(source_type) as kind, count(*) as citations, count(distinct dialogue_id) as answers,
  count(*) filter (where not valid)::float8 / count(*) as made_up
from reporting.citations
where $__timeFilter(created_at) and source is not null
group by source
order by citations desc
limit 20`),
    ],
  })
    .overrideByName('source', look({ name: 'Source' }))
    .overrideByName('kind', look({ name: 'Kind', width: 80 }))
    .overrideByName('citations', look({ name: 'Citations', width: 80 }))
    .overrideByName('answers', look({ name: 'Answers', width: 72 }))
    .overrideByName(
      'made_up',
      look({ name: 'Made up', unit: 'percentunit', decimals: 0, width: 76, painted: true, steps: cellSteps }),
    );
}

const cellSteps = [
  { value: null, color: 'transparent' },
  { value: limits.invalidCitations.share, color: colours.warn },
];

export function withheld() {
  return graph({
    title: 'Withheld passages, a minute',
    says: 'Passages that matched and were not shown to a remote model, because their owner did not agree. Many of them: answers get worse for want of consent. Ask the owners.',
    unit: 'none',
    min: 0,
    queries: [over(perMinute(withheldPassages), 'withheld')],
  }).overrideByName('withheld', look({ colour: colours.fourth }));
}
