/** Calculates error budgets from the daily rows, for a service without Prometheus. */
import { budgetRemaining, burnRate, errorBudget, timeToExhaustion } from '../slo/error-budget.ts';
import { type Objective, objectives } from '../slo/objectives.ts';
import type { ErrorBudgetStatus } from '../slo/slo-status.ts';
import { addDays } from './day.ts';
import type { HistoryRow } from './history.ts';
import { countAbove, mergeLatencies } from './latency-histogram.ts';

/** The columns of a day's row that count bad events. */
export type CountedDay = Pick<
  HistoryRow,
  'date' | 'citationRate' | 'totalQueries' | 'failedQueries' | 'noAnswerCount'
> & {
  /** Packed. */
  readonly latencyHistogram: Uint8Array | null;
};

type Counted = { readonly bad: number; readonly events: number };

/** The rolling period of the error budgets, the same as in alerts and dashboards. */
export const budgetDays = 30;
const paceDays = 7;
const daySeconds = 86_400;

/**
 * As exact as the rows: the citation rate to a hundredth of a percent, latencies to 1 %.
 * @param before the rows of the earlier days of the period; missing days are skipped
 * @param today so far
 */
export function errorBudgetsFromDays(before: readonly CountedDay[], today: CountedDay): readonly ErrorBudgetStatus[] {
  const days = [...before, today];
  const recent = days.filter(({ date }) => date > addDays(today.date, -paceDays));
  return Object.entries(objectives).map(([key, objective]) => {
    const budget = errorBudget(objective);
    if (budget === null) return { key, budget: null, remaining: null, burnRates: [], exhaustedInSeconds: null };
    const spent = (some: readonly CountedDay[]) => ({ ...count(objective, some), budget });
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

function count(objective: Objective, days: readonly CountedDay[]): Counted {
  if (objective.kind === 'quantile' && objective.indicator === 'latency') {
    const { above, all } = countAbove(
      mergeLatencies(days.map(({ latencyHistogram }) => latencyHistogram)),
      objective.target * 1_000,
    );
    return { bad: above, events: all };
  }
  const counted = days.map(badOf(objective));
  return {
    bad: counted.reduce((sum, { bad }) => sum + bad, 0),
    events: counted.reduce((sum, { events }) => sum + events, 0),
  };
}

/** Rows do not hold the events of every indicator. */
function badOf({ indicator }: Objective): (day: CountedDay) => Counted {
  switch (indicator) {
    case 'error_rate':
      return failures;
    case 'citation_rate':
      return uncited;
    case 'no_answer_rate':
      return ({ noAnswerCount, totalQueries }) => ({ bad: noAnswerCount, events: totalQueries ?? 0 });
    default:
      return () => ({ bad: 0, events: 0 });
  }
}

function failures({ totalQueries, failedQueries }: CountedDay): Counted {
  return { bad: failedQueries, events: (totalQueries ?? 0) + failedQueries };
}

function uncited({ totalQueries, noAnswerCount, citationRate }: CountedDay): Counted {
  if (citationRate === null) return { bad: 0, events: 0 };
  const events = (totalQueries ?? 0) - noAnswerCount;
  return { bad: events * (1 - citationRate / 100), events };
}
