/** All that can be said against a board without asking a server. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { boards } from '../../alerts/links.ts';
import { isAlert, type RuleGroup } from '../../alerts/rule.ts';
import { standingColours } from '../../dashboards/house-style.ts';
import type { Standing } from '../../services/slo/threshold-steps.ts';
import { unknownNames } from '../kit/rules/promql-names.ts';
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
  if (board.uid !== boards.slo) return [];
  const compiled = JSON.parse(readFileSync('alerts/generated/thresholds.json', 'utf8')) as Record<
    string,
    { steps: { from: number | null; standing: Standing }[] }
  >;
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
  return Object.entries(compiled)
    .filter(([, each]) => typeof each === 'object')
    .filter(([, { steps }]) => {
      const wanted = steps.map(({ from, standing }) => ({ value: from, color: standingColours[standing] }));
      return !seen.has(JSON.stringify(wanted));
    })
    .map(([name]) => `thresholds: nothing shows the steps of ${name}`);
}
