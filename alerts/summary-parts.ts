/**
 * Parts of a summary that Prometheus fills in when the alert fires: the value of now, the number of events, what stands out, and
 * the deployment. The template functions exist in Prometheus 2.42, Prometheus 3 and vmalert.
 */
import { answerMetrics } from '../services/catalogue/answer-metrics.ts';
import { recorded } from '../services/catalogue/recorded-series.ts';
import { formatDuration } from '../services/slo/duration.ts';
import type { IndicatorName } from '../services/slo/indicator-names.ts';
import type { ObjectiveModel, Window, WindowCondition } from '../services/slo/slo-model.ts';
import { formatOf } from './format-value.ts';
import { type Matchers, type Scope, select } from './promql.ts';

/** The events of an indicator, and what happened to the bad ones. */
const words: Partial<Readonly<Record<IndicatorName, readonly [events: string, bad: string]>>> = {
  availability: ['questions', 'failed'],
  error_rate: ['questions', 'failed'],
  citation_rate: ['answers', 'have no valid citation'],
  latency: ['answers', 'took longer'],
  time_to_first_token: ['answers', 'took longer to begin'],
  cost_per_answer: ['answers', ''],
  relevance: ['answers', ''],
  downvote_rate: ['votes', 'are down'],
};

/** A label value that has more than this share of the bad events stands out. */
const outstanding = 0.5;

type Culprit = { readonly label: string; readonly of: string; readonly name: string; readonly matchers: Matchers };

const { answers, cost, failures, questions, stageDuration } = answerMetrics;
const failedParts: readonly Culprit[] = [
  { label: 'instance', of: 'failures', name: questions.name, matchers: { end: ['failed', 'gave_up'] } },
  { label: 'model', of: 'failures', name: answers.name, matchers: { outcome: 'failed' } },
];
const culprits: Partial<Readonly<Record<IndicatorName, readonly Culprit[]>>> = {
  // Sign-in fails before a question has an outcome.
  availability: [
    { label: 'stage', of: 'failures', name: `${stageDuration.name}_count`, matchers: { result: 'failed' } },
    ...failedParts,
  ],
  error_rate: [{ label: 'stage', of: 'failures', name: failures.name, matchers: {} }, ...failedParts],
  citation_rate: [
    { label: 'model', of: 'uncited answers', name: answers.name, matchers: { outcome: 'answered', cited: 'false' } },
  ],
  latency: [{ label: 'stage', of: 'the time', name: `${stageDuration.name}_sum`, matchers: {} }],
  cost_per_answer: [{ label: 'model', of: 'the cost', name: cost.name, matchers: { kind: 'answer' } }],
};

/** `5.2% now (5m)`; the value of the shortest window, not the mean of the hour. */
export function valueNow({ objective }: ObjectiveModel, [first]: readonly WindowCondition[], scope: Scope): string {
  if (first === undefined) throw new TypeError(`${objective.name} has an alert without windows`);
  const query = queryOf(select(recorded.value(first.short), { slo: objective.name }), scope);
  return `{{ with ${query} }}${formatOf(objective.unit, '. | first | value')} now (${first.short.name}){{ else }}no traffic now{{ end }}`;
}

/**
 * ` 120 of 278 questions failed over 1h.`, then what stands out, then the deployment.
 * @param bad labels of the bad events
 */
export function details(
  { objective }: ObjectiveModel,
  [first]: readonly WindowCondition[],
  { bad, scope }: { bad: Matchers; scope: Scope },
): string {
  if (first === undefined) throw new TypeError(`${objective.name} has an alert without windows`);
  const { long, short } = first;
  const [events, happened] = words[objective.indicator] ?? ['events', 'were bad'];
  const count = (series: string, rest: string) =>
    `{{ with ${queryOf(series, scope)} }}${rest.replace('#', '{{ . | first | value | printf "%.0f" }}')}{{ end }}`;
  const all = select(recorded.events(long), { slo: objective.name });
  const counts =
    objective.kind === 'mean'
      ? count(all, ` # ${events} over ${long.name}.`)
      : `${count(select(recorded.badEvents(long), bad), ' #')}${count(all, ` of # ${events} ${happened} over ${long.name}.`)}`;
  return [
    counts,
    ...(culprits[objective.indicator] ?? []).map((culprit) => standsOut(culprit, short, scope)),
    deploymentText(scope),
  ].join('');
}

/** ` Deployment: env production.` Empty without identity labels. */
export function deploymentText({ labels }: Scope): string {
  return labels
    .filter((label) => label !== 'service')
    .map((label) => `{{ with $labels.${label} }} In ${label} {{ . }}.{{ end }}`)
    .join('');
}

function standsOut({ label, of, name, matchers }: Culprit, window: Window, scope: Scope): string {
  const all = withLabels(select(name, matchers), scope);
  // A failure before the model was called has the model `none`, which nothing can be done about.
  const named = `${all.slice(0, -1)},${label}!~"|none"}`;
  const increase = (series: string) => `increase(${series}[${formatDuration(window.seconds)}])`;
  const share = `topk(1, sum by (${label}) (${increase(named)}) / on () group_left () (sum(${increase(all)}) > 0) > ${outstanding})`;
  const args = [...argumentsOf(scope), ...argumentsOf(scope)].join(' ');
  return `{{ with printf \`${share}\` ${args} | query }} Mostly ${label} {{ . | first | label "${label}" }} ({{ . | first | value | humanizePercentage }} of ${of}).{{ end }}`;
}

/** A query for the alert's own deployment and service. A label that the alert lacks matches series that lack it. */
function queryOf(series: string, scope: Scope): string {
  return `printf \`${withLabels(series, scope)}\` ${argumentsOf(scope).join(' ')} | query`;
}

function withLabels(series: string, { labels }: Scope): string {
  const own = labels.map((label) => `${label}=%q`).join(',');
  return series.endsWith('}') ? `${series.slice(0, -1)},${own}}` : `${series}{${own}}`;
}

function argumentsOf({ labels }: Scope): readonly string[] {
  return labels.map((label) => `$labels.${label}`);
}
