/** What can be said of the boards without asking anybody: their shape, their rules, their names, their thresholds. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { boards } from '../../alerts/links.ts';
import { isAlert, type RuleGroup } from '../../alerts/rule.ts';
import { allBoards, thisHouse } from '../../dashboards/all-boards.ts';
import { standingColours } from '../../dashboards/house-style.ts';
import type { Standing } from '../../services/slo/threshold-steps.ts';
import { unknownNames } from '../kit/promql-names.ts';
import { boardSchema } from './board-schema.ts';
import { excused, lintRulesLeftOut } from './excused.ts';
import { lint, rules } from './lint-board.ts';
import { type BoardJson, promqlIn, type Step, shownIn } from './walk-board.ts';

const house = thisHouse();
const all = allBoards(house).map((board) => board as unknown as BoardJson);
const named = all.map((board) => [board.title, board] as const);
const faultsOfShape = boardSchema();

const ruleFiles = ['slo', 'operation'].flatMap(
  (name) => (parse(readFileSync(`alerts/generated/${name}-rules.yml`, 'utf8')) as { groups: RuleGroup[] }).groups,
);
const recorded = new Set(
  ruleFiles.flatMap((group) => group.rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]))),
);

test.each(named)('%s has the shape that Grafana reads', (_, board) => {
  expect(faultsOfShape(board)).toEqual([]);
});

test.each(named)('%s keeps the rules', (_, board) => {
  expect(lint(board, excused)).toEqual([]);
});

test.each(named)('%s names only metrics, labels and values that somebody exposes', (_, board) => {
  const unknown = promqlIn(board).flatMap(({ where, expr }) =>
    unknownNames(expr.replaceAll(/\$__\w+/g, '5m').replaceAll(/\$\{?\w+\}?/g, '.*'), recorded).map(
      (name) => `${where}: ${name}`,
    ),
  );
  expect(unknown).toEqual([]);
});

test('an exclusion that excuses nothing any more is told', () => {
  const found = all.flatMap((board) =>
    Object.entries(rules).flatMap(([name, rule]) => rule(board).map((each) => [name, each] as const)),
  );
  const idle = Object.entries(excused).flatMap(([name, list]) =>
    list
      .filter(({ what }) => !found.some(([rule, text]) => rule === name && text.includes(what)))
      .map(({ what }) => `${name}: ${what}`),
  );
  expect(idle).toEqual([]);
  for (const reason of Object.values(lintRulesLeftOut)) expect(reason).toMatch(/\.$/);
});

test('every board that alerts open exists, under the title that runbooks give it', () => {
  expect(all.map(({ uid }) => uid).toSorted()).toEqual(Object.values<string>(boards).toSorted());
});

test('where a promise is coloured, it is by the compiled thresholds', () => {
  const compiled = JSON.parse(readFileSync('alerts/generated/thresholds.json', 'utf8')) as Record<
    string,
    { steps: { from: number | null; standing: Standing }[] }
  >;
  const wanted = new Set(
    Object.values(compiled)
      .filter((each) => typeof each === 'object')
      .map(({ steps }) =>
        JSON.stringify(steps.map(({ from, standing }) => ({ value: from, color: standingColours[standing] }))),
      ),
  );
  const board = all.find(({ uid }) => uid === boards.slo);
  const seen = new Set(
    shownIn(board as BoardJson)
      .flatMap(({ fieldConfig }) => [
        fieldConfig?.defaults.thresholds?.steps,
        ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
          properties.filter(({ id }) => id === 'thresholds').map(({ value }) => (value as { steps: Step[] }).steps),
        ),
      ])
      .map((steps) => JSON.stringify(steps)),
  );
  expect([...wanted].filter((steps) => !seen.has(steps))).toEqual([]);
});
