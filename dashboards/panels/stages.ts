/** The stages of a question: time spent, latency and failures. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { mean, quantile, rate, share } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { timeSeriesPanel } from '../panel-builders.ts';
import { rangeQuery } from '../queries.ts';
import { colours } from '../theme.ts';

const { stageDuration } = answerMetrics;

/** Stages before the reply. The judge runs later, in the worker. */
const stagesBeforeReply = stageDuration.labels.stage.filter((stage) => stage !== 'judge');

const stageColours = [
  ['authenticate', overrides({ colour: colours.other })],
  ['recall', overrides({ colour: colours.second })],
  ['retrieve', overrides({ colour: colours.fourth })],
  ['generate', overrides({ colour: colours.good })],
  ['record', overrides({ colour: colours.third })],
  ['judge', overrides({ colour: colours.muted, dashed: true })],
] as const;

/** Each stage has the same colour in all panels. */
function withStageColours(panel: ReturnType<typeof timeSeriesPanel>) {
  return stageColours.reduce((coloured, [stage, style]) => coloured.overrideByName(stage, style), panel);
}

export function meanTimes() {
  const panel = timeSeriesPanel({
    title: 'Mean time per stage',
    description:
      'Mean seconds per question in each stage, stacked. authenticate: verify the token; recall: load the session; retrieve: find passages; generate: call the model; record: commit before the reply.',
    unit: 's',
    min: 0,
    stacked: true,
    queries: [rangeQuery(mean(stageDuration, { where: { stage: stagesBeforeReply }, by: 'stage' }), '{{stage}}')],
  });
  return withStageColours(panel);
}

export function percentiles() {
  const panel = timeSeriesPanel({
    title: 'Latency P95 by stage',
    description:
      'P95 of each stage on a logarithmic axis, where a slow short stage stands out. judge runs later in the worker, so users do not wait for it. If authenticate takes seconds, the LMS returns its keys slowly.',
    unit: 's',
    log: true,
    queries: [rangeQuery(quantile(0.95, stageDuration, { by: 'stage' }), '{{stage}}')],
  });
  return withStageColours(panel);
}

export function failureRates() {
  const { name } = stageDuration;
  const count = { name: `${name}_count` };
  const panel = timeSeriesPanel({
    title: 'Failure rate by stage',
    description:
      'Share of the questions in a stage that failed in it. The stage points to the cause: the LMS (authenticate), the model server (generate, judge), the database or this service. A rejected token is not a failure.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.05,
    queries: [
      rangeQuery(
        share(rate(count, { where: { result: 'failed' }, by: 'stage' }), rate(count, { by: 'stage' }), { by: 'stage' }),
        '{{stage}}',
      ),
    ],
    noValue: 'no failures',
  });
  return withStageColours(panel);
}
