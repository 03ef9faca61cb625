/** Every target of every board, asked of a stack that answers questions, of one that nobody asks, and of an empty one. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allBoards, thisHouse } from '../../dashboards/all-boards.ts';
import { addDays, dayOf, startOf } from '../../services/rollup/day.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { createDatabase, testDatabase } from '../kit/database.ts';
import { type Asker, grafanaReader, isEmpty } from './ask-postgres.ts';
import { askExamples, askTarget } from './ask-prometheus.ts';
import type { Shown } from './expand-query.ts';
import { faultsOfShape } from './faults-of-shape.ts';
import { mayBeEmpty } from './may-be-empty.ts';
import { mutations } from './mutations.ts';
import { type Budget, get, pageNumbers, panelValues, targetIn } from './page-numbers.ts';
import { missingTools, type RunningStack, runStack } from './running-stack.ts';
import { type BoardJson, spanOf, sqlIn, targetsOf } from './walk-board.ts';

if (missingTools !== null) console.warn(`The boards' queries are not asked: ${missingTools}`);

const boards = allBoards(thisHouse()).map((board) => board as unknown as BoardJson);
const named = boards.map((board) => [board.title, board] as const);
const promqlOf = (board: BoardJson) => targetsOf(board).filter(({ target }) => target.expr !== undefined);
const excusedHere = (board: BoardJson, where: string) =>
  mayBeEmpty[board.uid]?.some(({ what }) => where.startsWith(what));

describe.skipIf(missingTools !== null)('the boards, asked', () => {
  let stack: RunningStack;
  let reader: Asker;
  const full = testDatabase();
  const undo: (() => unknown)[] = [];

  beforeAll(async () => {
    const db = await full;
    stack = await runStack(db, (step) => undo.push(step));
    reader = await grafanaReader(db.superuserUrl);
  });
  afterAll(async () => {
    await reader?.end();
    for (const step of undo.toReversed()) await step();
  });

  /** From before the first question; rates look back over five scrapes. */
  const shown = (at: Date): Shown => ({ from: new Date(at.getTime() - 60_000), to: at, step: 1, rate: 5 });
  const days: Pick<Shown, 'step' | 'rate'> = { step: 3_600, rate: 3_600 };
  const shownDays = (at: Date, span: number): Shown => ({ from: new Date(at.getTime() - span), to: at, ...days });

  test.each(named)(
    '%s: Prometheus understands each expression, and none is empty while questions come',
    async (_, board) => {
      const problems: string[] = [];
      for (const { where, target } of promqlOf(board)) {
        const answer = await askTarget(stack.prometheus, board, target, shown(stack.busyAt));
        if ('error' in answer) problems.push(`${where}: ${answer.error}`);
        else if (answer.values === 0 && !excusedHere(board, where)) problems.push(`${where}: empty`);
      }
      expect(problems).toEqual([]);
    },
  );

  test.each(named)('%s: before anybody asked, no share and no mean pretends to be one', async (_, board) => {
    const problems: string[] = [];
    for (const { where, panel, target } of promqlOf(board)) {
      if (!/rag_(answers|answer_duration|cost|citations|relevance|feedback)|slo:value/.test(target.expr ?? ''))
        continue;
      if (!/ \/ |histogram_quantile|slo:/.test(target.expr ?? '')) continue;
      const answer = await askTarget(stack.prometheus, board, target, shown(stack.quietAt));
      if ('error' in answer || answer.values > 0) problems.push(`${where} ${panel.fieldConfig?.defaults.unit}`);
    }
    expect(problems).toEqual([]);
  });

  test.each(named)('%s: where Prometheus has nothing at all, no panel shows a number', async (_, board) => {
    const longAgo = new Date(stack.quietAt.getTime() - 86_400_000);
    const problems: string[] = [];
    for (const { where, target } of promqlOf(board)) {
      const answer = await askTarget(stack.prometheus, board, target, shown(longAgo));
      if ('error' in answer || answer.values > 0) problems.push(where);
    }
    expect(problems).toEqual([]);
  });

  test('where traces are promised as examples, there are some', async () => {
    const promised = boards.flatMap((board) =>
      promqlOf(board)
        .filter(({ target }) => target.exemplar)
        .map((each) => ({ board, ...each })),
    );
    expect(promised.length).toBeGreaterThan(1);
    for (const { board, where, target } of promised.filter(({ target }) => target.expr?.includes('traces_span'))) {
      expect(await askExamples(stack.prometheus, board, target, shown(stack.busyAt)), where).toBeGreaterThan(0);
    }
  });

  test.each(named)(
    '%s: Grafana’s role may run each statement, its shape is right, and it is not empty',
    async (_, board) => {
      const problems: string[] = [];
      for (const { where, target } of sqlIn(board)) {
        const answer = await reader.ask(board, target, shownDays(new Date(), spanOf(board)));
        if ('error' in answer) problems.push(`${where}: ${answer.error}`);
        else if (isEmpty(answer.rows) && !excusedHere(board, where)) problems.push(`${where}: empty`);
      }
      expect(problems).toEqual([]);
    },
  );

  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    'a gate sees it when %s',
    async (_, { of, change }) => {
      const whole = boards.find(({ uid }) => uid === of);
      if (whole === undefined) throw new Error(of);
      const broken = structuredClone(whole);
      change(broken);
      expect(JSON.stringify(broken)).not.toBe(JSON.stringify(whole));
      const faults = [...faultsOfShape(broken)];
      if (faults.length === 0) faults.push(...(await faultsOfAnswers(whole, broken)));
      expect(faults).not.toEqual([]);
    },
  );

  describe('beside the page for people without Grafana', () => {
    const board = (title: string) => {
      const found = boards.find((each) => each.title === title);
      if (found === undefined) throw new Error(title);
      return found;
    };
    const page = () => pageNumbers(stack.chat, stack.adminToken);
    const bySlo = async (refId: string, at: Date) => {
      const values = await panelValues(stack.prometheus, board('RAG SLOs'), {
        title: 'Error budgets: what may still go wrong',
        refId,
        at,
      });
      return new Map(values.map(({ labels, value }) => [labels.slo, value]));
    };

    test('what is left of each error budget, how fast it burns and how long it lasts are the same', async () => {
      const both = async () => {
        const { asOf, budgets, budgetsFrom } = await page();
        // The page waits for nobody: the first one may be there before Prometheus has answered.
        if (budgetsFrom !== 'prometheus') return null;
        const [left, burn1h, burn6h, lasts] = await Promise.all(['A', 'B', 'C', 'D'].map((ref) => bySlo(ref, asOf)));
        const onBoard = Object.keys(budgets).map((slo): [string, Budget] => {
          const burns = { '1h': burn1h?.get(slo) ?? null, '6h': burn6h?.get(slo) ?? null };
          const spent = (left?.get(slo) ?? 0) <= 0;
          return [slo, { left: left?.get(slo) ?? null, burns, lasts: spent ? null : (lasts?.get(slo) ?? null) }];
        });
        return { budgets, onBoard: Object.fromEntries(onBoard) };
      };
      // Rules that were being evaluated when the page asked have since written for that moment: then once more.
      await expect
        .poll(both, { timeout: 30_000 })
        .toSatisfy(
          (told: Awaited<ReturnType<typeof both>>) => told !== null && isDeepStrictEqual(told.budgets, told.onBoard),
        );
      const { budgets } = await page();
      expect(Object.keys(budgets)).toHaveLength(4);
      expect(budgets.error_rate?.left).toBeLessThan(1);
    });

    test('what fires, and since when, is the same', async () => {
      const reply = await get(stack.chat, '/api/admin/alerts', stack.adminToken);
      const told = (await reply.json()) as { asOf: string; firing: { name: string; since: string }[] };
      const values = await panelValues(stack.prometheus, board('RAG SLOs'), {
        title: 'Firing now',
        at: new Date(told.asOf),
      });
      const oldest = Map.groupBy(values, ({ labels }) => `${labels.alertname} ${labels.severity} ${labels.service}`);
      const expected = [...oldest].map(([, same]) => [
        same[0]?.labels.alertname,
        Math.min(...same.map(({ value }) => value)),
      ]);
      expect(told.firing.map(({ name, since }) => [name, Date.parse(since)]).toSorted()).toEqual(expected.toSorted());
    });

    test('the worst answers are the same, in the same order', async () => {
      const from = startOf(addDays(dayOf(new Date()), -1));
      const target = targetIn(board('Answer quality'), 'The worst answers');
      const ids = async () => {
        const answer = await reader.ask(board('Answer quality'), target, { from, to: new Date(), ...days });
        if ('error' in answer) throw new Error(answer.error);
        return answer.rows.map((row) => (row as { answer: string }).answer).slice(0, 10);
      };
      // The judge scores answers meanwhile, and a vote may come: until nothing does.
      await expect
        .poll(async () => [await ids(), (await page()).worst])
        .toSatisfy(
          ([ours = [], shownWorst = []]: string[][]) => ours.length === 10 && ours.join() === shownWorst.join(),
        );
    });

    test('the documents of each source are the same', async () => {
      const { documents } = await page();
      const values = await panelValues(stack.prometheus, board('Provenance and compliance'), {
        title: 'Sources',
        refId: 'D',
        at: new Date(),
      });
      expect(values.length).toBeGreaterThan(1);
      // Prometheus is not told of sources that are switched off.
      expect(documents).toMatchObject(Object.fromEntries(values.map(({ labels, value }) => [labels.source, value])));
    });

    test.each(Object.values(objectives).filter(({ name }) => name !== 'latency_p50'))(
      '$title of each past day is the same',
      async ({ name, title }) => {
        const target = targetIn(board('Business, by day'), `${title}, by day`);
        const answer = await reader.ask(board('Business, by day'), target, shownDays(new Date(), 29 * 86_400_000));
        if ('error' in answer) throw new Error(answer.error);
        const rows = answer.rows as { time: Date; value: number | null }[];
        const onBoard = rows.filter(({ value }) => value !== null).map(({ time, value }) => [dayOf(time), value]);
        const onPage = (await page()).days[name] ?? {};
        expect(onBoard.length).toBeGreaterThan(20);
        expect(Object.keys(onPage)).toEqual(onBoard.map(([day]) => day));
        for (const [day, value] of onBoard) expect(onPage[day as string], String(day)).toBeCloseTo(value as number, 9);
      },
    );
  });

  /** Of the targets that were changed. */
  async function faultsOfAnswers(whole: BoardJson, broken: BoardJson): Promise<readonly string[]> {
    const before = new Set(targetsOf(whole).map(({ target }) => JSON.stringify(target)));
    const faults: string[] = [];
    for (const { where, target } of targetsOf(broken).filter((each) => !before.has(JSON.stringify(each.target)))) {
      const answer =
        target.rawSql === undefined
          ? await askTarget(stack.prometheus, broken, target, shown(stack.busyAt))
          : await reader.ask(broken, target, shownDays(new Date(), spanOf(broken)));
      if ('error' in answer) faults.push(`${where}: ${answer.error}`);
    }
    return faults;
  }
});

test('in a database without a row, each statement runs, and no share or mean pretends to be one', async () => {
  const db = await createDatabase();
  const reader = await grafanaReader(db.superuserUrl);
  try {
    const problems: string[] = [];
    const to = new Date();
    const shown: Shown = { from: new Date(to.getTime() - 86_400_000), to, step: 3_600, rate: 3_600 };
    for (const board of boards) {
      for (const { where, target } of sqlIn(board)) {
        const answer = await reader.ask(board, target, shown);
        if ('error' in answer) problems.push(`${board.title} ${where}: ${answer.error}`);
        else if (
          /::float8 \/|avg\(/.test(target.rawSql ?? '') &&
          !/pg_(index|stat)|month/.test(target.rawSql ?? '') &&
          !isEmpty(answer.rows)
        ) {
          problems.push(`${board.title} ${where}: ${JSON.stringify(answer.rows[0])}`);
        }
      }
    }
    expect(problems).toEqual([]);
  } finally {
    await reader.end();
    await db.close();
  }
});
