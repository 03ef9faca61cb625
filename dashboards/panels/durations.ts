/** Panels of time: whole answers, each stage, models, the database, each with traces that are examples of it. */
import { select } from '../../alerts/promql.ts';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { spanMetrics } from '../../services/catalogue/collector-metrics.ts';
import { genaiMetrics } from '../../services/catalogue/genai-metrics.ts';
import { libraryMetrics } from '../../services/catalogue/library-metrics.ts';
import type { Metric } from '../../services/catalogue/metric.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { explore } from '../explore.ts';
import { mean, perMinute, quantile, rate, share } from '../expressions.ts';
import { colours, graph, grid, heat, look, type PanelGiven } from '../house-style.ts';
import { linesOf } from '../promise-lines.ts';
import { buckets, over, traces, withExamples } from '../queries.ts';

const { answerDuration, timeToFirstToken, stageDuration, retrievalDuration } = answerMetrics;
/** The span around a whole question. */
const workflow = { span_name: 'invoke_workflow rag' } as const;

export function answerHeat() {
  return heat({
    title: 'Every answer by how long it took, with traces',
    says: 'How many answers took how long, made of spans. Dots are traces: click one to see where its time went. Two bands mean two kinds of question, or one slow server. No objective reads this: spans may be lost.',
    unit: 's',
    queries: [
      buckets(`sum by (le) (increase(${select(`${spanMetrics.duration.name}_bucket`, workflow)}[$__rate_interval]))`),
    ],
    empty: 'no spans',
  });
}

export function answersByServer() {
  return graph({
    title: 'Latency P95 of answers, by server',
    says: 'One server above the others: it is busy, short of memory, or far from the database; take it out of the balancer. All of them: what they share, the database or the model.',
    unit: 's',
    min: 0,
    queries: [over(quantile(0.95, answerDuration, { by: 'instance' }), '{{instance}}')],
  });
}

export function answerPercentiles() {
  return graph({
    title: 'Latency of answers',
    says: 'Half of the answers were faster than P50, 5 in 100 slower than P95. Dashed: the steps of the promise about P95. Diamonds are traces. Find the stage that grew in the row below.',
    unit: 's',
    min: 0,
    steps: linesOf(thresholdSteps(objectives.latencyP95)),
    showSteps: true,
    queries: [
      over(quantile(0.5, answerDuration), 'P50'),
      over(quantile(0.95, answerDuration), 'P95'),
      over(quantile(0.99, answerDuration), 'P99'),
      withExamples(quantile(0.95, spanMetrics.duration, { where: workflow }), 'P95 of spans'),
    ],
  })
    .overrideByName('P50', look({ colour: colours.other }))
    .overrideByName('P95', look({ colour: colours.good }))
    .overrideByName('P99', look({ colour: colours.third, thin: true }))
    .overrideByName('P95 of spans', look({ colour: colours.quiet, dashed: true, thin: true }));
}

/** What a person who asks waits for; the judge comes later, in the worker. */
const waitedFor = stageDuration.labels.stage.filter((stage) => stage !== 'judge');

const ofStages = [
  ['authenticate', look({ colour: colours.other })],
  ['recall', look({ colour: colours.second })],
  ['retrieve', look({ colour: colours.fourth })],
  ['generate', look({ colour: colours.good })],
  ['record', look({ colour: colours.third })],
  ['judge', look({ colour: colours.quiet, dashed: true })],
] as const;

/** A stage has the same colour wherever it is drawn. */
function inStageColours(panel: ReturnType<typeof graph>) {
  return ofStages.reduce((painted, [stage, style]) => painted.overrideByName(stage, style), panel);
}

export function stageMeans() {
  const panel = graph({
    title: 'Where the time of a question goes',
    says: 'Mean seconds in each stage for each question, stacked: what grew is what to look at. authenticate: who asks; recall: the session so far; retrieve: passages; generate: the model; record: the commit before the reply.',
    unit: 's',
    min: 0,
    stacked: true,
    queries: [over(mean(stageDuration, { where: { stage: waitedFor }, by: 'stage' }), '{{stage}}')],
  });
  return inStageColours(panel);
}

export function stageTails() {
  const panel = graph({
    title: 'P95 of each stage',
    says: 'The slow ones of each stage, on a logarithmic axis: a stage of milliseconds that takes a second stands out here and hardly in the mean. judge: the score that the worker has a model give later; nobody waits for it. authenticate that takes seconds waits for the keys of the LMS.',
    unit: 's',
    log: true,
    queries: [over(quantile(0.95, stageDuration, { by: 'stage' }), '{{stage}}')],
  });
  return inStageColours(panel);
}

export function stageFailures() {
  const { name } = stageDuration;
  const count = { name: `${name}_count` };
  const panel = graph({
    title: 'Share of each stage that failed',
    says: 'Of the questions that reached a stage, how many failed in it. The stage tells whom to ask: the LMS for its keys (authenticate), the model server (generate, judge), the database, or our own code. A token that is refused is no failure.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.05,
    queries: [
      over(
        share(rate(count, { where: { result: 'failed' }, by: 'stage' }), rate(count, { by: 'stage' }), { by: 'stage' }),
        '{{stage}}',
      ),
    ],
    empty: 'nothing failed',
  });
  return inStageColours(panel);
}

/** Two lines for each value of a label: how they are drawn tells the percentiles apart. */
function pairs(metric: Metric, by: string, given: Pick<PanelGiven, 'title' | 'says' | 'empty'>) {
  return graph({
    ...given,
    unit: 's',
    min: 0,
    queries: [
      over(quantile(0.5, metric, { by }), `{{${by}}} P50`),
      over(quantile(0.95, metric, { by }), `{{${by}}} P95`),
    ],
  }).overrideByRegexp('/ P50$/', look({ dashed: true, thin: true }));
}

export function retrievals() {
  return pairs(retrievalDuration, 'source', {
    title: 'Retrieval, by source',
    says: 'Time to find passages, by where they are searched; corpus is our own database. If corpus grows, look at the board of the database; if another grows, its plugin.',
  });
}

export function firstTokens() {
  return pairs(timeToFirstToken, 'model', {
    title: 'Time to the first token, by model',
    says: 'What a person waits before something moves. Answers that came whole are not in it, so it is empty without a streaming model.',
    empty: 'nothing streamed',
  });
}

export function generations() {
  return pairs(genaiMetrics.inferenceDuration, 'gen_ai_request_model', {
    title: 'Generation, by model',
    says: 'Time of one generation, tries again included. If one model is slow and others are not, it is its server: ask who runs it, or change LLM_MODEL.',
  });
}

export function calls() {
  return graph({
    title: 'Calls to others, P95',
    says: 'HTTP requests that the chat server makes: the model server and the sources, by address. Names no query and no text.',
    unit: 's',
    min: 0,
    queries: [over(quantile(0.95, libraryMetrics.httpClientDuration, { by: 'server_address' }), '{{server_address}}')],
    empty: 'nobody was called',
  });
}

export function routes() {
  return graph({
    title: 'Whole requests, P95 by route',
    says: 'From the first byte of a request to the last of the reply, authentication included: what is here and not in the stages is spent before and after them.',
    unit: 's',
    min: 0,
    queries: [over(quantile(0.95, libraryMetrics.httpServerDuration, { by: 'http_route' }), '{{http_route}}')],
  });
}

export function spanRates() {
  return graph({
    title: 'Spans a minute',
    says: 'What the Collector made of traces. If questions come and spans do not, traces are being lost: look at the watchers.',
    unit: 'none',
    min: 0,
    queries: [over(perMinute(spanMetrics.calls, { by: 'span_name' }), '{{span_name}}')],
    empty: 'no spans',
  });
}

export function slowTraces() {
  return grid({
    title: 'Slow questions, as traces',
    says: 'Traces of questions that took longer than is promised of 95 in 100. Click one: the widest bar is where its time went.',
    unit: 'none',
    source: 'tempo',
    queries: [traces(`{ name = "${workflow.span_name}" && duration > ${objectives.latencyP95.target}s }`)],
    empty: 'none was slow',
    links: [{ title: 'Search for others', url: explore.tempo(`{ name = "${workflow.span_name}" }`) }],
  });
}

export function failedTraces() {
  return grid({
    title: 'Failed questions, as traces',
    says: 'Traces of questions that failed. Click one: the first red span is where; its log lines are one click further.',
    unit: 'none',
    source: 'tempo',
    queries: [traces(`{ name = "${workflow.span_name}" && status = error }`)],
    empty: 'none failed',
  });
}
