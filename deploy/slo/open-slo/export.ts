/** `cli -- slo export`: the objectives as OpenSLO v1. */
import { stringify } from 'yaml';
import { select, selectBucket, selectSeries } from '../../../alerts/promql.ts';
import { type Indicator, indicators } from '../../../services/catalogue/indicators.ts';
import { alertPolicy } from '../../../services/slo/alert-policy.ts';
import { builtInService } from '../../../services/slo/deployment.ts';
import { exact } from '../../../services/slo/error-budget.ts';
import { jobObjectives, type Objective, objectives } from '../../../services/slo/objectives.ts';
import { annotation, apiVersion } from './annotations.ts';

export type OpenSloExport = {
  readonly text: string;
  /** Why objectives are missing, one sentence each. */
  readonly leftOut: readonly string[];
};

export function exportOpenSlo(): OpenSloExport {
  const all = Object.entries(objectives).map(([key, objective]) => ({ objective, indicator: indicators[key] }));
  const means = all.filter(({ objective }) => objective.kind === 'mean');
  const documents = [
    {
      apiVersion,
      kind: 'Service',
      metadata: { name: builtInService, displayName: 'RAG chat' },
      spec: { description: 'Answers questions from documents.' },
    },
    ...all.flatMap(({ objective, indicator }) =>
      objective.kind === 'mean' || indicator === undefined ? [] : [sloOf(objective, indicator)],
    ),
  ];
  return {
    text: documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n'),
    leftOut: [
      ...means.map(
        ({ objective }) =>
          `${objective.name} is left out: it is about a mean, and OpenSLO counts good events or good time slices.`,
      ),
      ...Object.values(jobObjectives).map(
        ({ name }) => `${name} is left out: it is about runs of a job, and OpenSLO has no objective on their age.`,
      ),
      ...all
        .filter(({ objective }) => objective.services !== undefined && objective.kind !== 'mean')
        .map(
          ({ objective }) =>
            `${objective.name}: the numbers of single services are left out, because an OpenSLO objective belongs to one service.`,
        ),
    ],
  };
}

function sloOf(objective: Exclude<Objective, { kind: 'mean' }>, indicator: Indicator) {
  const { name, title, warning, critical, action, titleJa } = objective;
  const id = name.replaceAll('_', '-');
  const annotations = {
    [annotation.indicator]: objective.indicator,
    ...(titleJa !== undefined && { [annotation.titleJa]: titleJa }),
    ...(warning !== undefined && { [annotation.warning]: String(warning) }),
    ...(critical !== undefined && { [annotation.critical]: String(critical) }),
    ...(objective.kind === 'quantile' &&
      objective.spread !== undefined && { [annotation.spread]: String(objective.spread) }),
    ...(objective.budgetAlert === true && { [annotation.budgetAlert]: 'true' }),
    ...(action !== undefined && { [annotation.action]: action }),
  };
  return {
    apiVersion,
    kind: 'SLO',
    metadata: { name: id, displayName: title, annotations },
    spec: {
      service: builtInService,
      indicator: { metadata: { name: id }, spec: { ratioMetric: { counter: true, ...ratioOf(objective, indicator) } } },
      timeWindow: [{ duration: alertPolicy.period, isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ displayName: title, target: goodShare(objective) }],
    },
  };
}

/** OpenSLO's target is always the share of good events. */
function goodShare(objective: Exclude<Objective, { kind: 'mean' }>): number {
  if (objective.kind === 'quantile') return objective.quantile;
  return objective.direction === 'atLeast' ? objective.target : exact(1 - objective.target);
}

function ratioOf(objective: Objective, indicator: Indicator) {
  const query = (series: string) => ({ metricSource: { type: 'Prometheus', spec: { query: `sum(${series})` } } });
  switch (indicator.kind) {
    case 'ratio':
      return 'good' in indicator
        ? { good: query(selectSeries(indicator.good)), total: query(selectSeries(indicator.events)) }
        : { bad: query(selectSeries(indicator.bad)), total: query(selectSeries(indicator.events)) };
    case 'quantile': {
      const { name } = indicator.histogram;
      return { good: query(selectBucket(name, objective.target)), total: query(select(`${name}_count`)) };
    }
    default:
      throw new TypeError(`${objective.name}: a ${indicator.kind} has no ratio`);
  }
}
