/** Compares a day as Prometheus counted it with the day as stored in the database. */
import type { Day } from './day.ts';

/** `cost`: yen, of priced answers. */
export type Counts = { readonly answers: number; readonly failures: number; readonly cost: number };

export type Reconciliation = {
  readonly day: Day;
  /** Null: Prometheus missed too much of the day for its counts to mean anything. */
  readonly counted: Counts | null;
  readonly stored: Counts;
  /** Answers, of any day, of users erased since the day began: Prometheus may have counted them. */
  readonly erasedAnswers: number;
  /** Seconds of the day in which Prometheus scraped nothing. */
  readonly unwatchedSeconds: number;
};

/** Counted minus stored, per kind; null: unknown. */
export type Differences = Readonly<Record<keyof Counts, number | null>>;

export function differences({ counted, stored, erasedAnswers }: Reconciliation): Differences {
  if (counted === null) return { answers: null, failures: null, cost: null };
  const answers = counted.answers - stored.answers;
  return {
    answers: answers > 0 ? Math.max(0, answers - erasedAnswers) : answers,
    failures: counted.failures - stored.failures,
    // The cost of erased answers is no longer known.
    cost: erasedAnswers > 0 ? null : Number((counted.cost - stored.cost).toFixed(6)),
  };
}
