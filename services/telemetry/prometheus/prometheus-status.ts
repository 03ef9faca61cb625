/** Reads from Prometheus how error budgets and alerts stand. */
import { recorded } from '../../catalogue/recorded-series.ts';
import { errorBudget } from '../../slo/error-budget.ts';
import { objectives } from '../../slo/objectives.ts';
import type { AlertStatus, ErrorBudgetStatus, PrometheusStatus } from '../../slo/slo-status.ts';
import { type OwnLabels, ownSeries } from './own-series.ts';
import type { PrometheusSeries, QueryPrometheus } from './query-prometheus.ts';

/** The alert that always fires. */
const watchdog = 'RagWatchdog';
const firingAlerts = 'alertstate="firing",severity=~"critical|warning"';
/** What is told apart: labels of an alert's own may change from minute to minute. */
const identity = ['alertname', 'severity', 'slo', 'service'];
const burnSpans = ['1h', '6h'] as const;
const pastSeconds = 7 * 86_400;
/** Prometheus gives at most 11,000 points of a series. */
const pastStep = 300;
/** For more, at once or in a week, use the dashboards. */
const most = 50;

type Connected = Extract<PrometheusStatus, { state: 'connected' }>;

/** @throws {PrometheusError} */
export async function readPrometheusStatus(query: QueryPrometheus, now: Date, own: OwnLabels = {}): Promise<Connected> {
  const at = now.getTime() / 1_000;
  const budgetSeries = [recorded.budgetRemaining, recorded.timeToExhaustion, ...burnSpans.map(burnSeries)].join('|');
  const [budgets, watching, firing, past] = await Promise.all([
    query('query', { query: ownSeries('', own, `__name__=~"${budgetSeries}"`), time: String(at) }),
    query('query', { query: `ALERTS{alertname="${watchdog}",alertstate="firing"}`, time: String(at) }),
    query('query', {
      query: `min by (${identity.join(', ')}) (ALERTS_FOR_STATE and ignoring(alertstate) ${ownSeries('ALERTS', own, firingAlerts)})`,
      time: String(at),
    }),
    query('query_range', {
      // A second less: Prometheus 2 counts a sample at either end of a range, Prometheus 3 at one.
      query: `max by (${identity.join(', ')}) (present_over_time(${ownSeries('ALERTS', own, firingAlerts)}[${pastStep - 1}s]))`,
      start: String(at - pastSeconds),
      end: String(at),
      step: String(pastStep),
    }),
  ]);
  const standing = firing.map((series) => alertOf(series, series.samples[0]?.[1] ?? at, null));
  return {
    state: 'connected',
    asOf: now.toISOString(),
    rulesRun: watching.length > 0,
    budgets: budgets.length === 0 ? null : budgetsOf(budgets),
    firing: standing.toSorted(worstFirst).slice(0, most),
    ended: past
      .flatMap((series) => episodes(series).map((episode) => ({ series, ...episode })))
      // An alert that still fires is listed once, as firing.
      .filter(({ series, until }) => until < at || !firing.some((other) => sameAlert(series, other)))
      .map(({ series, since, until }) => alertOf(series, since, until))
      .toSorted((a, b) => (b.until ?? '').localeCompare(a.until ?? ''))
      .slice(0, most),
  };
}

function burnSeries(name: string): string {
  return recorded.burnRate({ name });
}

function budgetsOf(series: readonly PrometheusSeries[]): readonly ErrorBudgetStatus[] {
  return Object.entries(objectives).map(([key, objective]) => {
    // Of several services, the one whose budget is used up first.
    const sampleOf = (name: string, worst: (...values: number[]) => number) => {
      const values = series
        .filter(({ labels }) => labels.__name__ === name && labels.slo === objective.name)
        .flatMap(({ samples }) => samples.slice(0, 1).map(([, value]) => value));
      return values.length === 0 ? null : worst(...values);
    };
    const budget = errorBudget(objective);
    return {
      key,
      budget,
      remaining: sampleOf(recorded.budgetRemaining, Math.min),
      burnRates:
        budget === null ? [] : burnSpans.map((window) => ({ window, rate: sampleOf(burnSeries(window), Math.max) })),
      exhaustedInSeconds: sampleOf(recorded.timeToExhaustion, Math.min),
    };
  });
}

/** Points without a gap between them. An alert began within the step before the first one. */
function episodes({ samples }: PrometheusSeries): readonly { readonly since: number; readonly until: number }[] {
  const found: { since: number; until: number }[] = [];
  for (const [at] of samples) {
    const last = found.at(-1);
    if (last !== undefined && at - last.until < 1.5 * pastStep) last.until = at;
    else found.push({ since: at - pastStep, until: at });
  }
  return found;
}

function sameAlert({ labels: a }: PrometheusSeries, { labels: b }: PrometheusSeries): boolean {
  return identity.every((label) => a[label] === b[label]);
}

function alertOf({ labels }: PrometheusSeries, since: number, until: number | null): AlertStatus {
  const instant = (seconds: number) => new Date(seconds * 1_000).toISOString();
  return {
    name: labels.alertname ?? '',
    severity: labels.severity ?? '',
    slo: labels.slo ?? null,
    service: labels.service ?? null,
    since: instant(since),
    until: until === null ? null : instant(until),
  };
}

function worstFirst(a: AlertStatus, b: AlertStatus): number {
  return a.severity.localeCompare(b.severity) || b.since.localeCompare(a.since);
}
