/** Finds the indicator that the queries of an OpenSLO indicator measure. */
import { parser } from '@prometheus-io/lezer-promql';
import { type Indicator, measuredBy, type Series } from '../../../services/catalogue/indicators.ts';
import { type IndicatorName, indicatorNames } from '../../../services/slo/indicator-names.ts';
import { annotation } from './annotations.ts';

type Queries = {
  /** The indicator's name, from the annotation. */
  readonly annotated: string | undefined;
  readonly good: string | undefined;
  readonly bad: string | undefined;
  readonly total: string | undefined;
};

export type Recognised =
  /** `bound`: for latencies, the target. */
  { readonly indicator: IndicatorName; readonly bound?: number } | { readonly reason: string };

/** The labels that select events; those of deployments and servers do not matter. */
type Selected = { readonly name: string; readonly labels: ReadonlyMap<string, string> };

export function recogniseIndicator({ annotated, good, bad, total }: Queries): Recognised {
  const [goodSeries, badSeries, totalSeries] = [good, bad, total].map((query) =>
    query === undefined ? null : seriesIn(query),
  );
  const bound = boundOf(goodSeries);
  if (annotated !== undefined) {
    const name = annotated as IndicatorName;
    if (!Object.hasOwn(indicatorNames, annotated)) {
      return {
        reason: `the annotation ${annotation.indicator} is ${annotated}: use one of ${Object.keys(indicatorNames).join(', ')}`,
      };
    }
    if (indicatorNames[name].kind !== 'quantile') return { indicator: name };
    return bound === null
      ? { reason: 'the bound of a latency is the label `le` of its good events, which is missing' }
      : { indicator: name, bound };
  }
  for (const [name, indicator] of Object.entries(measuredBy) as [IndicatorName, Indicator][]) {
    if (indicator.kind === 'quantile' && bound !== null && goodSeries?.name === `${indicator.histogram.name}_bucket`) {
      return { indicator: name, bound };
    }
    if (indicator.kind !== 'ratio' || !same(totalSeries, indicator.events)) continue;
    if ('good' in indicator ? same(goodSeries, indicator.good) : same(badSeries, indicator.bad))
      return { indicator: name };
  }
  const read = [goodSeries, badSeries, totalSeries].flatMap((series) => (series ? [series.name] : []));
  return {
    reason: `no indicator here measures ${[...new Set(read)].join(' and ') || 'its queries'} this way. If one means the same, name it in the annotation ${annotation.indicator}: ${Object.keys(indicatorNames).join(', ')}`,
  };
}

function boundOf(series: Selected | null | undefined): number | null {
  const bound = Number(/^[\d.]+?(?=$|\(\\+\.0\)\?$)/.exec(series?.labels.get('le') ?? '')?.[0] ?? Number.NaN);
  return Number.isFinite(bound) ? bound : null;
}

function same(series: Selected | null | undefined, { metric, part, labels = {} }: Series): boolean {
  const name = part === undefined ? metric.name : `${metric.name}_${part}`;
  if (series?.name !== name) return false;
  const own = [...series.labels].filter(([label]) => Object.hasOwn(metric.labels, label) && label !== 'service');
  return (
    own.length === Object.keys(labels).length &&
    own.every(([label, value]) => {
      const wanted = labels[label];
      return wanted !== undefined && value.split('|').toSorted().join('|') === [wanted].flat().toSorted().join('|');
    })
  );
}

/** The first series of a query. */
function seriesIn(query: string): Selected | null {
  const text = query.replaceAll(/\$\{?\w+\}?|\{\{.*?\}\}/g, '5m');
  let found: { name: string; labels: Map<string, string> } | null = null;
  let label = '';
  parser.parse(text).iterate({
    enter({ name, from, to }) {
      const part = text.slice(from, to);
      if (name === 'VectorSelector') found ??= { name: '', labels: new Map() };
      else if (name === 'Identifier' && found?.name === '') found.name = part;
      else if (name === 'LabelName') label = part;
      else if (name === 'StringLiteral' && found !== null) found.labels.set(label, part.slice(1, -1));
    },
  });
  return found;
}
