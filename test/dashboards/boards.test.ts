/** What can be said of the boards without asking anybody: their shape, their rules, their names, their thresholds. */
import { expect, test } from 'vitest';
import { boards, boardTitles } from '../../alerts/links.ts';
import { allBoards, thisHouse } from '../../dashboards/all-boards.ts';
import type { Metric } from '../../services/catalogue/metric.ts';
import { metrics } from '../../services/catalogue/metrics.ts';
import { selectorsIn } from '../kit/rules/promql-names.ts';
import { excused, lintRulesLeftOut } from './excused.ts';
import { faultsOfShape, ruleExpressions } from './faults-of-shape.ts';
import { rules } from './lint-board.ts';
import { type BoardJson, promqlIn } from './walk-board.ts';

const all = allBoards(thisHouse()).map((board) => board as unknown as BoardJson);

test.each(all.map((board) => [board.title, board] as const))(
  '%s has the shape that Grafana reads, keeps the rules, and names what somebody exposes',
  (_, board) => {
    expect(faultsOfShape(board)).toEqual([]);
  },
);

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
  const wanted = Object.entries(boards).map(([id, uid]) => [uid, boardTitles[id as keyof typeof boards]]);
  expect(all.map(({ uid, title }) => [uid, title]).toSorted()).toEqual(wanted.toSorted());
});

test('every metric of ours is on a board or in a rule', () => {
  const asked = new Set(
    [...all.flatMap((board) => promqlIn(board).map(({ expr }) => expr)), ...ruleExpressions]
      .flatMap((expr) => selectorsIn(expr.replaceAll(/\$__\w+/g, '5m')))
      .flatMap(({ names }) => names)
      .map((name) => name.replace(/_(bucket|sum|count)$/, '')),
  );
  const ours: readonly Metric[] = Object.values(metrics);
  expect(
    ours.map(({ name }) => name).filter((name) => !asked.has(name) && !asked.has(name.replace(/_count$/, ''))),
  ).toEqual([]);
});
