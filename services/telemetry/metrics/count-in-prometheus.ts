/** Counts answers, failures and cost in yen of a period from Prometheus. */
import { answerMetrics } from '../../catalogue/answer-metrics.ts';
import { prometheusMetrics } from '../../catalogue/other-metrics.ts';
import { counterGain, type Sample } from '../../rollup/counter-gain.ts';
import type { Counts } from '../../rollup/reconciliation.ts';
import { deployment } from '../../slo/deployment.ts';
import { type OwnLabels, ownSeries } from '../prometheus/own-series.ts';
import type { PrometheusSeries, QueryPrometheus } from '../prometheus/query-prometheus.ts';

export type CountedPeriod = {
  readonly counts: Counts;
  /** Seconds of the period in which Prometheus had no sample of any target for five minutes. */
  readonly unwatchedSeconds: number;
};

const counterNames = `__name__=~"${answerMetrics.answers.name}|${answerMetrics.cost.name}"`;
/** Of a day, an hour: 240 samples of each series at a time. */
const pieces = 24;
/** Of a day, a minute: Prometheus gives no more than 11,000 points. */
const moments = 1_440;

/**
 * Reads the samples themselves. Answers are summed over all labels. Of copies of a series by several Prometheus servers, the
 * largest count is taken.
 * @param own labels of the deployment's series, in a Prometheus that holds those of others too
 * @param period the day, from its first instant to the first one after it; what lies in the future is not there yet
 * @throws {PrometheusError}
 */
export async function countInPrometheus(
  query: QueryPrometheus,
  period: { readonly from: Date; readonly to: Date },
  own: OwnLabels = {},
): Promise<CountedPeriod> {
  const counters = ownSeries('', own, counterNames);
  const from = period.from.getTime() / 1_000;
  const to = period.to.getTime() / 1_000;
  const step = (to - from) / moments;
  const watch = await query('query_range', {
    query: `count(${ownSeries(prometheusMetrics.up, own)})`,
    start: String(from - step),
    end: String(to),
    step: String(step),
  });
  const watched = new Set(watch.flatMap(({ samples }) => samples.map(([at]) => Math.round((at - from) / step))));
  // Further back than the five minutes of a plain query: a target may have been down over midnight.
  const earlier = await query('query', { query: `last_over_time(${counters}[1d])`, time: String(from) });
  const before = new Map(earlier.map((series) => [nameOf(series), series.samples[0]?.[1]]));

  const all = new Map<string, { series: PrometheusSeries; samples: Sample[] }>();
  const piece = (to - from) / pieces;
  for (let index = 1; index <= pieces; index += 1) {
    // A millisecond more: the pieces overlap rather than leave one out.
    const range = `${Math.ceil(piece * 1_000) + 1}ms`;
    for (const series of await query('query', { query: `${counters}[${range}]`, time: String(from + index * piece) })) {
      const known = all.get(nameOf(series)) ?? { series, samples: [] };
      const last = known.samples.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
      known.samples.push(...series.samples.filter(([at]) => at > last));
      all.set(nameOf(series), known);
    }
  }
  const gains = [...all].map(([name, { series, samples }]) => ({
    labels: series.labels,
    gain: counterGain(samples, {
      from,
      to,
      before: before.get(name),
      scrapedBefore: (at) => watched.has(Math.floor((at - from) / step) - 1),
    }),
  }));
  const counted = [...Map.groupBy(gains, ({ labels }) => copyOf(labels)).values()].map(
    (copies) => copies.toSorted((a, b) => b.gain - a.gain)[0] ?? { labels: {}, gain: 0 },
  );
  const sum = (metric: string, outcomes: readonly (string | undefined)[], kind?: string) =>
    counted
      .filter(({ labels }) => labels.__name__ === metric && outcomes.includes(labels.outcome) && labels.kind === kind)
      .reduce((total, { gain }) => total + gain, 0);
  return {
    counts: {
      answers: sum(answerMetrics.answers.name, ['answered', 'no_answer']),
      failures: sum(answerMetrics.answers.name, ['failed']),
      // Calls that brought no answer have no row.
      cost: sum(answerMetrics.cost.name, [undefined], 'answer'),
    },
    unwatchedSeconds: Math.round(
      Array.from({ length: moments }, (_, at) => at + 1).filter((at) => !watched.has(at)).length * step,
    ),
  };
}

/** The labels without those of the servers that copied the series. */
function copyOf(labels: PrometheusSeries['labels']): string {
  const own = Object.entries(labels).filter(([label]) => !deployment.replicas.includes(label));
  return nameOf({ labels: Object.fromEntries(own), samples: [] });
}

function nameOf({ labels }: PrometheusSeries): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
