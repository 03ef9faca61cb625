/** What is wrong now: the worst status, how many questions it costs, the objectives over five minutes, and where it fails. */
import { type Matchers, select } from '../../../alerts/promql.ts';
import { answerMetrics } from '../../../services/catalogue/answer-metrics.ts';
import { dashboards, dashboardTitles } from '../../../services/catalogue/links.ts';
import { prometheusMetrics, scrapeJobs } from '../../../services/catalogue/other-metrics.ts';
import { recorded } from '../../../services/catalogue/recorded-series.ts';
import { builtInService } from '../../../services/slo/deployment.ts';
import type { Objective } from '../../../services/slo/objectives.ts';
import { type ObjectiveStatus, thresholdSteps } from '../../../services/slo/threshold-steps.ts';
import type { DashboardContext } from '../../context.ts';
import { overrides, valueMapping } from '../../overrides.ts';
import { statPanel, tablePanel } from '../../panel-builders.ts';
import { instantQuery, tableQuery } from '../../queries.ts';
import { colours, nonZeroSteps, statusSteps } from '../../theme.ts';
import { keepColumns, orderColumns } from '../../transformations.ts';
import { alertsSent } from './firing-alerts.ts';
import { causeLink, formatOf, runbookLink, shortTitle, targetText, windowOf, worst } from './objectives.ts';

const { answers, failures, questions, stageDuration } = answerMetrics;
const window = '5m';
const recent = (series: string, by?: string) =>
  `sum${by === undefined ? '' : ` by (${by}) `}(increase(${series}[${window}]))`;

const failedEnds = ['failed', 'gave_up'];

/** Questions at our own HTTP interface, and turns of other applications. Their labels differ, so `or` keeps both. */
function eventsOf(ended: Matchers, outcome: Matchers): string {
  const external = select(answers.name, outcome, { except: [builtInService] });
  return `increase(${select(questions.name, ended)}[${window}]) or increase(${external}[${window}])`;
}

/** Prometheus must have scraped a chat server. Without one, nothing is known. */
const scraped = `max(${select(prometheusMetrics.up, { job: scrapeJobs.chat })}) == 1`;

const statusWords: Readonly<Record<ObjectiveStatus, string>> = {
  met: 'met',
  breached: 'TARGET BREACHED',
  warning: 'WARNING',
  critical: 'CRITICAL',
};

export function incidentStatus(context: DashboardContext) {
  return statPanel({
    title: 'Most severe alert',
    description:
      'The severity of the most severe alert that fires and that no other alert inhibits. The table below lists these alerts. If Prometheus has no chat server to scrape, nothing is known.',
    unit: 'none',
    steps: [
      { value: null, color: colours.good },
      { value: 1, color: colours.warn },
      { value: 2, color: colours.bad },
    ],
    mappings: [valueMapping({ '0': ['no alert'], '1': ['WARNING'], '2': ['CRITICAL'] })],
    noValue: 'no data',
    queries: [
      instantQuery(
        `2 * (count(${alertsSent(context, { severity: 'critical' })}) > bool 0)\nor (count(${alertsSent(context, { severity: 'warning' })}) > bool 0)\nor 0 * max(${select(prometheusMetrics.up, { job: scrapeJobs.chat })})`,
        'severity',
      ),
    ],
  });
}

export function incidentStart(context: DashboardContext) {
  return statPanel({
    title: 'Time since the first alert',
    description: 'How long ago the condition of the oldest alert in the table below became true.',
    unit: 's',
    decimals: 0,
    neutral: true,
    noValue: 'no alert',
    queries: [instantQuery(`time() - min(ALERTS_FOR_STATE and ignoring (alertstate) ${alertsSent(context)})`, 'since')],
  });
}

export function questionsNow() {
  return statPanel({
    title: 'Questions in 5 min',
    description:
      'Questions that arrived in the last five minutes at the chat servers, and turns that other applications sent. 0: no traffic. No data: Prometheus has no chat server to scrape.',
    unit: 'locale',
    decimals: 0,
    neutral: true,
    noValue: 'no data',
    queries: [instantQuery(`round(sum(${eventsOf({}, {})})) or 0 * (${scraped})`, 'questions')],
  });
}

export function failedNow() {
  return statPanel({
    title: 'Failed questions in 5 min',
    description:
      'Questions of the last five minutes that ended in an error or whose user gave up, and failed turns of other applications.',
    unit: 'locale',
    decimals: 0,
    steps: nonZeroSteps(colours.bad),
    noValue: 'no data',
    queries: [
      instantQuery(`round(sum(${eventsOf({ end: failedEnds }, { outcome: 'failed' })})) or 0 * (${scraped})`, 'failed'),
    ],
  });
}

/** The value of five minutes with its status as a word. Without a value, the word says why. */
export function valueNow(context: DashboardContext, objective: Objective) {
  const { decimals, unit } = formatOf(objective);
  const window5m = windowOf(context, window);
  const steps = thresholdSteps(objective);
  const value = worst(objective, recorded.value(window5m));
  const inStatus = steps.map(({ from, status }, index) => {
    const until = steps[index + 1]?.from;
    const within = [value, ...(from === null ? [] : [`>= ${from}`]), ...(until == null ? [] : [`< ${until}`])];
    return named(within.join(' '), statusWords[status]);
  });
  const answered = recent(select(answers.name, { outcome: 'answered' }));
  const missing = [named(`(${answered} > 0) * NaN`, 'not judged'), named(`(${scraped}) * NaN`, 'no traffic')];
  return statPanel({
    title: `${shortTitle(context, objective)} ${targetText(objective)}`,
    description: `${objective.title} over the last five minutes, and its status. no traffic: no event in five minutes. not judged: there were answers, but none that this objective can judge. no data: Prometheus has no chat server to scrape.`,
    unit,
    decimals,
    steps: statusSteps(steps),
    showNames: true,
    noValue: '–',
    queries: [instantQuery([inStatus.join('\nor '), ...missing].join('\nor on () '), '{{status}}')],
    links: [causeLink(objective), runbookLink(context, objective.name)],
  });
}

/** Servers, models and stages of the last five minutes' failures: the first one to look at is on top. */
export function whereItFails() {
  const part = (kind: string, label: string, failed: string, all: string) => {
    const worstParts = `topk(3, ${recent(failed, label)} / (${recent(all, label)} > 0) > 0)`;
    return `label_replace(label_replace(${worstParts}, "part", "$1", "${label}", "(.*)"), "kind", "${kind}", "", "")`;
  };
  const count = `${stageDuration.name}_count`;
  const panel = tablePanel({
    title: 'Where questions fail (last 5 min)',
    description:
      'The servers, models and stages in which the largest share of questions failed in the last five minutes, and the kinds of failure. Several servers alike: look at the model and the stage. One server alone: take it out of the load balancer.',
    unit: 'percentunit',
    noValue: 'no failure in 5 min',
    queries: [
      tableQuery(
        `sum by (kind, part) (\n  ${[
          part(
            'Server',
            'instance',
            select(questions.name, { end: failedEnds }),
            select(questions.name, { end: ['served', ...failedEnds] }),
          ),
          part('Model', 'model', select(answers.name, { outcome: 'failed' }), answers.name),
          part('Stage', 'stage', select(count, { result: 'failed' }), count),
          failureKinds(),
        ].join('\n  or ')}\n)`,
      ),
    ],
    sortBy: [{ column: 'Share that failed', desc: true }],
  });
  const columns = ['kind', 'part', 'Value'];
  keepColumns(panel, columns);
  orderColumns(panel, columns);
  return panel
    .overrideByName('kind', overrides({ name: 'What', width: 80 }))
    .overrideByName(
      'part',
      overrides({
        name: 'Which',
        links: [
          {
            title: dashboardTitles.requests,
            url: `/d/${dashboards.requests}?\${__url_time_range}&\${__all_variables}`,
          },
        ],
      }),
    )
    .overrideByName('Value', overrides({ name: 'Share that failed', decimals: 0, width: 130 }));
}

/** The share of each kind among the failures. */
function failureKinds(): string {
  const counted = select(failures.name, { failure: failures.labels.failure.filter((kind) => kind !== 'cancelled') });
  const share = `topk(2, ${recent(counted, 'failure')} / on () group_left () (${recent(counted)} > 0) > 0)`;
  return `label_replace(label_replace(${share}, "part", "$1", "failure", "(.*)"), "kind", "Failure", "", "")`;
}

function named(expr: string, status: string): string {
  return `label_replace(${expr}, "status", "${status}", "", "")`;
}
