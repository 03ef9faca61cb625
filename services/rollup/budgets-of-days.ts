/** Reckons error budgets from the daily rows: what a service without Prometheus knows of them. */
import { budgetRemaining, burnRate, errorBudget, timeToExhaustion } from '../slo/error-budget.ts';
import { type Objective, type ObjectiveKey, objectives } from '../slo/objectives.ts';
import type { ErrorBudgetStatus } from '../slo/slo-status.ts';
import { addDays } from './day.ts';
import type { HistoryRow } from './history.ts';
import { countBeyond, mergeLatencies } from './latency-histogram.ts';

/** What a day's row tells of bad events. */
export type CountedDay = Pick<
  HistoryRow,
  'date' | 'citationRate' | 'totalQueries' | 'failedQueries' | 'noAnswerCount'
> & {
  /** Packed. */
  readonly latencyHistogram: Uint8Array | null;
};

type Counted = { readonly bad: number; readonly events: number };

/** Of the rolling period that alerts and boards reckon with. */
export const budgetDays = 30;
const paceDays = 7;
const daySeconds = 86_400;

/**
 * Within what a row keeps: a share of cited answers to a hundredth of a percent, a latency to 1 %.
 * @param before the days of the period, without those that have no row
 * @param today so far
 */
export function budgetsOfDays(before: readonly CountedDay[], today: CountedDay): readonly ErrorBudgetStatus[] {
  const days = [...before, today];
  const recent = days.filter(({ date }) => date > addDays(today.date, -paceDays));
  return (Object.keys(objectives) as ObjectiveKey[]).map((key) => {
    const objective: Objective = objectives[key];
    const budget = errorBudget(objective);
    if (budget === null) return { key, budget: null, remaining: null, burnRates: [], exhaustedInSeconds: null };
    const spent = (some: readonly CountedDay[]) => ({ ...count(key, objective, some), budget });
    const left = budgetRemaining(spent(days));
    const pace = burnRate(spent(recent));
    return {
      key,
      budget,
      remaining: left,
      burnRates: [
        { window: 'today', rate: burnRate(spent([today])) },
        { window: '7d', rate: pace },
      ],
      exhaustedInSeconds:
        left === null || pace === null ? null : timeToExhaustion({ left, burn: pace, period: budgetDays * daySeconds }),
    };
  });
}

function count(key: ObjectiveKey, objective: Objective, days: readonly CountedDay[]): Counted {
  if (objective.kind === 'quantile') {
    const { beyond, all } = countBeyond(
      mergeLatencies(days.map(({ latencyHistogram }) => latencyHistogram)),
      objective.target * 1_000,
    );
    return { bad: beyond, events: all };
  }
  const counted = days.map((day) => (key === 'errorRate' ? failures(day) : uncited(day)));
  return {
    bad: counted.reduce((sum, { bad }) => sum + bad, 0),
    events: counted.reduce((sum, { events }) => sum + events, 0),
  };
}

function failures({ totalQueries, failedQueries }: CountedDay): Counted {
  return { bad: failedQueries, events: (totalQueries ?? 0) + failedQueries };
}

function uncited({ totalQueries, noAnswerCount, citationRate }: CountedDay): Counted {
  if (citationRate === null) return { bad: 0, events: 0 };
  const events = (totalQueries ?? 0) - noAnswerCount;
  return { bad: events * (1 - citationRate / 100), events };
}
