/** All that can be said against a board without asking a server. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isAlert, type RuleGroup } from '../../alerts/rule.ts';
import { standingColours } from '../../dashboards/house-style.ts';
import { dashboards } from '../../services/catalogue/links.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { unknownNames } from '../kit/promql-names.ts';
import { boardSchema } from './board-schema.ts';
import { excused } from './excused.ts';
import { lint } from './lint-board.ts';
import { type BoardJson, promqlIn, type Step, shownIn } from './walk-board.ts';

const groups = ['slo', 'operation'].flatMap(
  (name) => (parse(readFileSync(`alerts/generated/${name}-rules.yml`, 'utf8')) as { groups: RuleGroup[] }).groups,
);
/** Of every rule, alerts too. */
export const ruleExpressions = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
const recorded = new Set(groups.flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]))));
const schemaFaults = boardSchema();

export function faultsOfShape(board: BoardJson): readonly string[] {
  const faults = schemaFaults(board);
  return faults.length > 0
    ? faults.map((fault) => `schema: ${fault}`)
    : [...lint(board, excused), ...faultsOfNames(board), ...faultsOfThresholds(board)];
}

/** Metrics, labels and values that nobody exposes. */
function faultsOfNames(board: BoardJson): readonly string[] {
  return promqlIn(board).flatMap(({ where, expr }) =>
    unknownNames(expr.replaceAll(/\$__\w+/g, '5m').replaceAll(/\$\{?\w+\}?/g, '.*'), recorded).map(
      (name) => `names: ${where}: ${name}`,
    ),
  );
}

/** On the board of the promises, each is coloured by the steps that its alerts are compiled from. */
function faultsOfThresholds(board: BoardJson): readonly string[] {
  if (board.uid !== dashboards.slo) return [];
  const compiled = Object.values(objectives).map((objective) => [objective.name, thresholdSteps(objective)] as const);
  const seen = new Set(
    shownIn(board)
      .flatMap(({ fieldConfig }) => [
        fieldConfig?.defaults.thresholds?.steps,
        ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
          properties.filter(({ id }) => id === 'thresholds').map(({ value }) => (value as { steps: Step[] }).steps),
        ),
      ])
      .map((steps) => JSON.stringify(steps)),
  );
  return compiled
    .filter(([, steps]) => {
      const wanted = steps.map(({ from, status }) => ({ value: from, color: standingColours[status] }));
      return !seen.has(JSON.stringify(wanted));
    })
    .map(([name]) => `thresholds: nothing shows the steps of ${name}`);
}
