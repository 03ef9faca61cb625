/** Random traffic of a healthy installation, for the operational rules: objectives at their targets, everything else as usual. */
import type { Severity } from '../../services/slo/slo-model.ts';
import { type Counted, operationConditions } from './operation-conditions.ts';

/** Usual shares of what has no target. Each is about half of its limit or less. */
const usual = {
  left: 0.1,
  refused: 0.1,
  unavailable: 0.005,
  failed: 0.001,
  rejected: 0.01,
  notFound: 0.2,
  uncited: 0.3,
  invalid: 0.05,
  votes: 0.1,
  down: 0.25,
  signInsFailed: 0.01,
  judged: 0.2,
  judgeFailed: 0.1,
  unreachable: 0.02,
  yenPerAnswer: 3,
} as const;

const servers = 3;
/** The second model has a fifth of the traffic. */
const secondModel = 0.2;
const day = 1_440;
const usualQuantile = 0.9;
const usualDays = 28;

/** Minutes that each count is kept: its longest window, for questions and costs with earlier weeks. */
const kept = (what: Counted) => (what === 'questions' || what === 'cost' ? 15 * day + 1 : day + 1);

export type OperationTraffic = {
  /** One minute with some questions. */
  readonly pass: (questions: number) => void;
  /** The alerts whose condition holds now. */
  readonly fired: () => readonly { readonly name: string; readonly severity: Severity }[];
};

/** @param random from 0 (inclusive) to 1 (exclusive) */
export function operationTraffic(citationTarget: number, random: () => number): OperationTraffic {
  const totals = new Map<Counted, Float64Array>();
  let now = 0;
  const totalsOf = (what: Counted) => {
    const found = totals.get(what);
    if (found !== undefined) return found;
    const made = new Float64Array(kept(what));
    totals.set(what, made);
    return made;
  };
  const add = (what: Counted, amount = 1) => {
    const ring = totalsOf(what);
    const at = now % ring.length;
    ring[at] = (ring[at] ?? 0) + amount;
  };
  const over = (what: Counted, minutes: number, minutesAgo = 0) => {
    const ring = totalsOf(what);
    const { length } = ring;
    const until = Math.max(0, now - minutesAgo);
    const from = Math.max(0, until - minutes);
    return (ring[until % length] ?? 0) - (ring[from % length] ?? 0);
  };
  const spent: number[] = [];
  let usualSpend: number | null = null;
  const conditions = operationConditions({ servers, models: 2, citationTarget }, () => usualSpend);
  const chance = (share: number) => random() < share;

  function ask(): void {
    add('questions');
    add('signIns');
    if (chance(usual.signInsFailed)) add('signInsFailed');
    if (chance(usual.refused)) {
      add('refused');
      return;
    }
    if (chance(usual.left)) {
      add('left');
      return;
    }
    const server = Math.floor(random() * servers);
    add(`ended@${server}`);
    if (chance(usual.unavailable)) add(`lost@${server}`);
    add('searches');
    if (chance(usual.unreachable)) add('unreachable');
    const model = chance(secondModel) ? 1 : 0;
    add('answers');
    if (chance(usual.rejected)) {
      add('rejected');
      return;
    }
    add(`answered@${model}`);
    if (chance(usual.failed)) {
      add(`failed@${model}`);
      return;
    }
    add('cost', -Math.log(1 - random()) * usual.yenPerAnswer);
    add('replies');
    if (chance(usual.notFound)) {
      add('notFound');
      return;
    }
    add(`judgedCitations@${model}`);
    if (chance(usual.uncited)) add(`uncited@${model}`);
    else add('citations');
    if (chance(usual.invalid)) add('invalid');
    if (chance(usual.votes)) {
      add('votes');
      if (chance(usual.down)) add('down');
    }
    if (chance(usual.judged)) {
      add('judged');
      if (chance(usual.judgeFailed)) add('judgeFailed');
    }
  }

  return {
    pass(questions) {
      now += 1;
      for (const ring of totals.values()) ring[now % ring.length] = ring[(now - 1) % ring.length] ?? 0;
      for (let question = 0; question < questions; question += 1) ask();
      if (now % day !== 0) return;
      spent.push(over('cost', day));
      // The rule leaves out the last day.
      const days = spent.slice(-usualDays - 1, -1).toSorted((a, b) => a - b);
      usualSpend = days.length < 7 ? null : (days[Math.floor(usualQuantile * (days.length - 1))] ?? null);
    },
    fired: () =>
      conditions.filter(({ holds }) => holds(over)).map(({ alert, severity }) => ({ name: alert, severity })),
  };
}
