/** Each number of the objectives, changed alone: what shows it changes, and nothing else does. */
import { expect, test } from 'vitest';
import { dashboardFiles } from '../dashboards/outputs.ts';
import { answerSecondsFor, scoreBoundsFor } from '../services/catalogue/bounds.ts';
import { boundsOf, type Indicators, indicators } from '../services/catalogue/indicators.ts';
import { compileObjectives, type Promises } from '../services/slo/compile.ts';
import { jobObjectives, type Objective, objectives } from '../services/slo/objectives.ts';
import { localLinks } from './links.ts';
import { outputs } from './outputs.ts';
import { objectiveGroups, operationGroups } from './rules.ts';

type Field = 'promise' | 'warning' | 'critical' | 'spread' | 'quantile' | 'everyHours' | 'graceHours';
const fields: readonly Field[] = ['promise', 'warning', 'critical', 'spread', 'quantile', 'everyHours', 'graceHours'];
const house: Promises = { ...objectives, ...jobObjectives };

const cases = Object.entries(house).flatMap(([key, objective]) =>
  fields.flatMap((field) => {
    const value = (objective as Partial<Record<Field, number>>)[field];
    return value === undefined ? [] : [{ key, field, value }];
  }),
);

test.each(cases)('$key, $field: changes what shows it, and nothing else', ({ key, field, value }) => {
  // A little further on, never past the next threshold; runs are whole.
  const changed = field === 'critical' && key === 'batchJob' ? 3 : value * 1.01;
  const other = field === 'warning' && key === 'batchJob' ? { warning: 2, critical: 3 } : { [field]: changed };
  const before = artefacts(field === 'warning' && key === 'batchJob' ? withJob({ critical: 3 }) : house);
  const after = artefacts({ ...house, [key]: { ...house[key], ...other } } as Promises);
  const differing = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(differing.sort()).toEqual([...shownIn(key, field)].sort());
});

function withJob(change: object): Promises {
  return { ...house, batchJob: { ...jobObjectives.batchJob, ...change } };
}

/** What the design says shows each number. */
function shownIn(key: string, field: Field): readonly string[] {
  const objective = house[key];
  if (objective === undefined) throw new Error(key);
  const rules = `rules of slo_${objective.name}`;
  if (objective.kind === 'job') {
    const jobs = field === 'warning' || field === 'critical' ? ['rules of rag_jobs'] : [];
    const board = jobs.length === 0 ? ['board of promises'] : [];
    return [rules, ...jobs, ...board, 'heads of runbooks', ...(field === 'graceHours' ? [] : ['runbooks'])];
  }
  const budgeted = objective.kind !== 'mean' && (field === 'promise' || field === 'quantile');
  const budget = budgeted ? ['rules of slo_error_budgets'] : [];
  if (field === 'spread' || field === 'quantile') return [rules, ...budget];
  const bounds = { seconds: ['bounds of seconds'], score: ['bounds of scores'], ratio: [], jpy: [] }[objective.unit];
  // A day's spending is limited by what warns; yen that may be missing are so many answers at the promise.
  const spend = objective.unit === 'jpy' ? [`rules of rag_${field === 'promise' ? 'reconciliation' : 'answers'}`] : [];
  // Nobody is told of a relevance that is missed, so no rule holds its promise.
  const own = key === 'relevance' ? [] : [rules];
  // An alert's page tells its threshold and what is promised; the conditions of these are too long for it.
  const heads = objective.warning === undefined ? [] : ['heads of runbooks'];
  return [...own, ...budget, ...bounds, ...spend, ...heads, 'board of promises', 'runbooks', 'thresholds'];
}

function artefacts(promises: Promises): Record<string, string> {
  const measured = Object.fromEntries(
    Object.entries(promises).filter((entry): entry is [string, Objective] => entry[1].kind !== 'job'),
  );
  const seconds = answerSecondsFor(measured);
  const own: Indicators = Object.fromEntries(
    Object.entries<Indicators[string]>(indicators).map(([key, indicator]) => [
      key,
      indicator.kind === 'quantile'
        ? { ...indicator, histogram: { ...indicator.histogram, bounds: seconds } }
        : indicator,
    ]),
  );
  const slo = compileObjectives(promises, { boundsOf: boundsOf(own) });
  const files = outputs({ slo, indicators: own, links: localLinks });
  const text = (end: string) => files.find(({ path }) => path.endsWith(end))?.text ?? '';
  const groups = [...objectiveGroups(slo, own, localLinks), ...operationGroups(slo, localLinks)].map(
    (group) => [`rules of ${group.name}`, JSON.stringify(group)] as const,
  );
  return {
    ...Object.fromEntries(groups),
    thresholds: text('thresholds.json'),
    runbooks: text('README.md'),
    'heads of runbooks': files
      .filter(({ path }) => /runbooks\/Rag/.test(path))
      .map((file) => file.text)
      .join(),
    labels: text('alert-labels.json'),
    'board of promises':
      dashboardFiles({ slo, links: localLinks }).find(({ path }) => path.endsWith('rag-slo.json'))?.text ?? '',
    'bounds of seconds': seconds.join(),
    'bounds of scores': scoreBoundsFor(measured).join(),
  };
}
