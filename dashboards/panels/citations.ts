/** Citations: citation rate, cited sources, invalid citations and withheld passages. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { shownObjective } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import type { DashboardContext } from '../context.ts';
import { increaseOverRange, perMinute, rate, share } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { barGaugePanel, statPanel, tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, rangeQuery, sqlTable } from '../queries.ts';
import { colours, statusSteps, targetLines } from '../theme.ts';
import { runbookLink } from './slo/objectives.ts';

const { answers, citations } = answerMetrics;
const answered = { outcome: 'answered' } as const;
const invalid = { valid: 'false' } as const;

export function citationRate(context: DashboardContext) {
  return statPanel({
    title: 'Citation rate',
    description:
      'Share of answers in the time range with at least one valid citation. "Not found" replies are not counted. Colours follow the objective. If it is low, review the content sources.',
    unit: 'percentunit',
    decimals: 1,
    steps: statusSteps(thresholdSteps(shownObjective('citation_rate'))),
    links: [runbookLink(context, shownObjective('citation_rate').name)],
    queries: [
      instantQuery(
        share(
          increaseOverRange(answers, { where: { ...answered, cited: 'true' } }),
          increaseOverRange(answers, { where: answered }),
        ),
        'cited',
      ),
    ],
  });
}

export function invalidCitations() {
  return statPanel({
    title: 'Invalid citations',
    description:
      'Share of citations in the time range that quote text which is not in the cited source: the model fabricated it. The graph below shows the source types.',
    unit: 'percentunit',
    decimals: 1,
    steps: invalidSteps,
    queries: [
      instantQuery(share(increaseOverRange(citations, { where: invalid }), increaseOverRange(citations)), 'invalid'),
    ],
  });
}

const invalidSteps = [
  { value: null, color: colours.good },
  { value: limits.invalidCitations.share, color: colours.warn },
];

export function citationRateByModel() {
  return timeSeriesPanel({
    title: 'Citation rate by model',
    description:
      'Share of answers with a valid citation, per model. If one model is below the others, check its prompt and context window. If all are low, check the sources and retrieval.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    steps: targetLines(thresholdSteps(shownObjective('citation_rate'))),
    showSteps: true,
    queries: [
      rangeQuery(
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

export function invalidCitationsBySourceType() {
  return timeSeriesPanel({
    title: 'Invalid citations by source type',
    description:
      'Share of citations that quote text which is not in the cited source. Dashed: the alert threshold. If a model fabricates one source type only, check how the prompt presents that type.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.3,
    steps: invalidSteps,
    showSteps: true,
    queries: [
      rangeQuery(
        share(rate(citations, { where: invalid, by: 'source_type' }), rate(citations, { by: 'source_type' }), {
          by: 'source_type',
        }),
        '{{source_type}}',
      ),
    ],
  });
}

export function validCitationsBySourceType() {
  return barGaugePanel({
    title: 'Valid citations by source type',
    description:
      'Valid citations in the time range. If a type is missing, its documents were not found or not permitted, or its plugin is disabled.',
    unit: 'none',
    decimals: 0,
    queries: [
      instantQuery(increaseOverRange(citations, { where: { valid: 'true' }, by: 'source_type' }), '{{source_type}}'),
    ],
  });
}

export function mostCitedSources() {
  return tablePanel({
    title: 'Most cited sources',
    description:
      'Sources cited in the time range, with the number of citations and the share of invalid ones. If most answers rely on one source, check when it expires.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no citations',
    queries: [
      sqlTable(`select source, min(source_type) as type, count(*) as citations, count(distinct dialogue_id) as answers,
  count(*) filter (where not valid)::float8 / count(*) as invalid
from reporting.citations
where $__timeFilter(created_at) and source is not null
group by source
order by citations desc
limit 20`),
    ],
  })
    .overrideByName('source', overrides({ name: 'Source' }))
    .overrideByName('type', overrides({ name: 'Type', width: 80 }))
    .overrideByName('citations', overrides({ name: 'Citations', width: 80 }))
    .overrideByName('answers', overrides({ name: 'Answers', width: 72 }))
    .overrideByName(
      'invalid',
      overrides({
        name: 'Invalid',
        unit: 'percentunit',
        decimals: 0,
        width: 76,
        coloured: true,
        steps: invalidCellSteps,
      }),
    );
}

const invalidCellSteps = [
  { value: null, color: 'transparent' },
  { value: limits.invalidCitations.share, color: colours.warn },
];

export function withheldPassages() {
  return timeSeriesPanel({
    title: 'Withheld passages per minute',
    description:
      'Passages that matched a question but were not sent to a remote model, because their owner has not consented. Many withheld passages make answers worse: ask the owners for consent.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(perMinute(answerMetrics.withheldPassages), 'withheld')],
  }).overrideByName('withheld', overrides({ colour: colours.fourth }));
}
