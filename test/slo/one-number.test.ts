/** Changing one number of an objective changes every artefact that shows it, and no other. */
import { expect, test } from 'vitest';
import { outputs } from '../../alerts/outputs.ts';
import { objectiveGroups, operationGroups } from '../../alerts/rules.ts';
import { dashboardFiles } from '../../dashboards/outputs.ts';
import { answerSecondsFor, scoreBoundsFor } from '../../services/catalogue/bounds.ts';
import { boundsOf, type Indicators, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives, type Objectives } from '../../services/slo/compile.ts';
import type { Objective } from '../../services/slo/objectives.ts';
import { jobObjectives, objectives } from '../kit/slo/specification.ts';

type Field = 'target' | 'warning' | 'critical' | 'spread' | 'quantile' | 'everyHours' | 'graceHours';
const fields: readonly Field[] = ['target', 'warning', 'critical', 'spread', 'quantile', 'everyHours', 'graceHours'];
const shipped: Objectives = { ...objectives, ...jobObjectives };

const cases = Object.entries(shipped).flatMap(([key, objective]) =>
  fields.flatMap((field) => {
    const value = (objective as Partial<Record<Field, number>>)[field];
    return value === undefined ? [] : [{ key, field, value }];
  }),
);

test.each(cases)('changing $field of $key changes only the artefacts that show it', ({ key, field, value }) => {
  // A small step that stays within the next threshold. Runs are whole numbers.
  const isShare = shipped[key]?.kind === 'ratio' && field !== 'spread';
  const changed = field === 'critical' && key === 'batchJob' ? 3 : isShare ? 1 - (1 - value) * 0.999 : value * 1.01;
  const other = field === 'warning' && key === 'batchJob' ? { warning: 2, critical: 3 } : { [field]: changed };
  const before = artefacts(field === 'warning' && key === 'batchJob' ? withJob({ critical: 3 }) : shipped);
  const after = artefacts({ ...shipped, [key]: { ...shipped[key], ...other } } as Objectives);
  const differing = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(differing.sort()).toEqual([...shownIn(key, field)].sort());
});

function withJob(change: object): Objectives {
  return { ...shipped, batchJob: { ...jobObjectives.batchJob, ...change } };
}

/** The artefacts that show each number. */
function shownIn(key: string, field: Field): readonly string[] {
  const objective = shipped[key];
  if (objective === undefined) throw new Error(key);
  const rules = `rules of slo_${objective.name}`;
  if (objective.kind === 'job') {
    const jobs = field === 'warning' || field === 'critical' ? ['rules of rag_jobs'] : [];
    const dashboard = jobs.length === 0 ? ['SLO dashboard'] : [];
    return [rules, ...jobs, ...dashboard, 'runbook heads', ...(field === 'graceHours' ? [] : ['runbook index'])];
  }
  const budgeted = objective.kind !== 'mean' && (field === 'target' || field === 'quantile');
  const budget = budgeted ? [`rules of slo_error_budget_${objective.name}`] : [];
  if (field === 'spread') return [rules];
  // The tile is named after the quantile. The head of the runbook for an exhausted budget shows its condition.
  const exhausted = 'budgetAlert' in objective ? ['runbook heads'] : [];
  if (field === 'quantile') return [rules, ...budget, ...exhausted, 'SLO dashboard'];
  const bounds = { seconds: ['bounds in seconds'], score: ['bounds of scores'], ratio: [], jpy: [] }[objective.unit];
  // The accepted reconciliation gap uses the target.
  const spend = objective.unit === 'jpy' && field === 'target' ? ['rules of rag_reconciliation'] : [];
  // A single model's share of uncited answers is compared with the target.
  const culprits = key === 'citationRate' && field === 'target' ? ['rules of rag_culprits'] : [];
  // Relevance has no alert, so no rule contains its target.
  const own = key === 'relevance' ? [] : [rules];
  // The head of a runbook shows the threshold and the target in its message.
  const heads = objective.warning === undefined ? [] : ['runbook heads'];
  return [...own, ...budget, ...bounds, ...spend, ...culprits, ...heads, 'SLO dashboard', 'runbook index'];
}

function artefacts(all: Objectives): Record<string, string> {
  const measured = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, Objective] => entry[1].kind !== 'job'),
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
  const slo = compileObjectives(all, { boundsOf: boundsOf(own) });
  const files = outputs({ slo, indicators: own, links: deploymentLinks });
  const text = (end: string) => files.find(({ path }) => path.endsWith(end))?.text ?? '';
  const groups = [...objectiveGroups(slo, own, deploymentLinks), ...operationGroups(slo, deploymentLinks)].map(
    // The groups of one objective together.
    (group) => [`rules of ${group.name.replace(/(_windows)?(_\d+)?$/, '')}`, JSON.stringify(group)] as const,
  );
  const rules = Map.groupBy(groups, ([name]) => name);
  return {
    ...Object.fromEntries([...rules].map(([name, parts]) => [name, JSON.stringify(parts)])),
    'runbook index': text('README.md'),
    'runbook heads': files
      .filter(({ path }) => /runbooks\/Rag/.test(path))
      .map((file) => file.text)
      .join(),
    'SLO dashboard':
      dashboardFiles({ slo, links: deploymentLinks }).find(({ path }) => path.endsWith('rag-slo.json'))?.text ?? '',
    'bounds in seconds': seconds.join(),
    'bounds of scores': scoreBoundsFor(measured).join(),
  };
}
