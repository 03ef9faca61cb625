/** Latency of answers, stages, models and HTTP calls, with exemplar traces. */
import { select } from '../../alerts/promql.ts';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { spanMetrics } from '../../services/catalogue/collector-metrics.ts';
import { genaiMetrics } from '../../services/catalogue/genai-metrics.ts';
import { libraryMetrics } from '../../services/catalogue/library-metrics.ts';
import type { Metric } from '../../services/catalogue/metric.ts';
import { objectiveOn, shownObjective } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { exploreLinks } from '../explore-links.ts';
import { perMinute, quantile } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { heatmapPanel, type PanelOptions, tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { heatmapQuery, rangeQuery, rangeQueryWithExemplars, traceQuery } from '../queries.ts';
import { colours, targetLines } from '../theme.ts';

const { answerDuration, retrievalDuration } = answerMetrics;
/** The root span of a question. */
const workflow = { span_name: 'invoke_workflow rag' } as const;

export function answerLatencyDistribution() {
  return heatmapPanel({
    title: 'Answer latency distribution',
    description:
      'Number of answers per duration, from spans. Dots are traces: click one to see where its time went. Two bands are two types of question, or one slow server. No objective uses it, because spans may be lost.',
    unit: 's',
    queries: [
      heatmapQuery(
        `sum by (le) (increase(${select(`${spanMetrics.duration.name}_bucket`, workflow)}[$__rate_interval]))`,
      ),
    ],
    noValue: 'no spans',
  });
}

export function latencyByServer() {
  return timeSeriesPanel({
    title: 'Answer latency P95 by server',
    description:
      'If one server is slower than the others, it is busy, short of memory or far from the database: remove it from the load balancer. If all are slow, check the database and the model.',
    unit: 's',
    min: 0,
    queries: [rangeQuery(quantile(0.95, answerDuration, { by: 'instance' }), '{{instance}}')],
  });
}

export function answerLatency() {
  return timeSeriesPanel({
    title: 'Answer latency',
    description:
      'Percentiles of answer latency. Dashed: target, warning and critical of P95. Diamonds are traces. Find the stage that became slower in the row below.',
    unit: 's',
    min: 0,
    steps: targetLines(thresholdSteps(shownObjective('latency', 0.95))),
    showSteps: true,
    queries: [
      rangeQuery(quantile(0.5, answerDuration), 'P50'),
      rangeQuery(quantile(0.95, answerDuration), 'P95'),
      rangeQuery(quantile(0.99, answerDuration), 'P99'),
      rangeQueryWithExemplars(quantile(0.95, spanMetrics.duration, { where: workflow }), 'P95 from spans'),
    ],
  })
    .overrideByName('P50', overrides({ colour: colours.other }))
    .overrideByName('P95', overrides({ colour: colours.good }))
    .overrideByName('P99', overrides({ colour: colours.third, thin: true }))
    .overrideByName('P95 from spans', overrides({ colour: colours.muted, dashed: true, thin: true }));
}

/** P50 (dashed) and P95 for each value of a label. */
function percentiles(metric: Metric, by: string, options: Pick<PanelOptions, 'title' | 'description' | 'noValue'>) {
  return timeSeriesPanel({
    ...options,
    unit: 's',
    min: 0,
    queries: [
      rangeQuery(quantile(0.5, metric, { by }), `{{${by}}} P50`),
      rangeQuery(quantile(0.95, metric, { by }), `{{${by}}} P95`),
    ],
  }).overrideByRegexp('/ P50$/', overrides({ dashed: true, thin: true }));
}

export function retrievalLatency() {
  return percentiles(retrievalDuration, 'source', {
    title: 'Retrieval latency by source',
    description:
      'Time to find passages, by source. corpus is the service’s own database. If corpus becomes slower, open the database dashboard. If another source does, check its plugin.',
  });
}

export function timeToFirstToken() {
  return percentiles(answerMetrics.timeToFirstToken, 'model', {
    title: 'Time to first token by model',
    description:
      'Time until a user sees the beginning of an answer. Answers that are not streamed are not counted, so the panel is empty without a streaming model.',
    noValue: 'no streamed answers',
  });
}

export function generationLatency() {
  return percentiles(genaiMetrics.inferenceDuration, 'gen_ai_request_model', {
    title: 'Generation latency by model',
    description:
      'Time of one generation, including retries. If one model is slower than the others, contact the operator of its server or change LLM_MODEL.',
  });
}

export function outgoingCalls() {
  return timeSeriesPanel({
    title: 'Outgoing HTTP call P95 by host',
    description:
      'HTTP requests from the chat servers to the model server and the sources, by host. URLs and question text are not shown.',
    unit: 's',
    min: 0,
    queries: [
      rangeQuery(quantile(0.95, libraryMetrics.httpClientDuration, { by: 'server_address' }), '{{server_address}}'),
    ],
    noValue: 'no calls',
  });
}

export function requestLatency() {
  return timeSeriesPanel({
    title: 'HTTP request P95 by route',
    description:
      'Time from the first byte of a request to the last byte of the response, including authentication. The part that the stages do not account for is spent before and after them.',
    unit: 's',
    min: 0,
    queries: [rangeQuery(quantile(0.95, libraryMetrics.httpServerDuration, { by: 'http_route' }), '{{http_route}}')],
  });
}

export function spansPerMinute() {
  return timeSeriesPanel({
    title: 'Spans per minute',
    description:
      'Spans that the Collector received. If questions arrive without spans, traces are lost: open the monitoring health dashboard.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(perMinute(spanMetrics.calls, { by: 'span_name' }), '{{span_name}}')],
    noValue: 'no spans',
  });
}

/** Seconds. Without an objective, what most people call slow. */
const slow = objectiveOn('latency', 0.95)?.target ?? 3;

export function slowTraces() {
  return tablePanel({
    title: 'Slow traces',
    description:
      'Traces of questions that took longer than the P95 target. Click a trace: its longest span shows where the time went.',
    unit: 'none',
    source: 'tempo',
    queries: [traceQuery(`{ name = "${workflow.span_name}" && duration > ${slow}s }`)],
    noValue: 'no slow traces',
    links: [{ title: 'Search traces', url: exploreLinks.traceSearch(`{ name = "${workflow.span_name}" }`) }],
  });
}

export function failedTraces() {
  return tablePanel({
    title: 'Failed traces',
    description:
      'Traces of failed questions. Click a trace: the first red span is where it failed. The log lines of the span are one click away.',
    unit: 'none',
    source: 'tempo',
    queries: [traceQuery(`{ name = "${workflow.span_name}" && status = error }`)],
    noValue: 'no failed traces',
  });
}
