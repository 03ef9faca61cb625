/** A day as Prometheus counted it beside the day as the database holds it. */
import type { Day } from './day.ts';

/** What is compared. Yen: of priced answers. */
export type Counts = { readonly answers: number; readonly failures: number; readonly cost: number };

export type Reconciliation = {
  readonly day: Day;
  /** Null: Prometheus did not watch for too much of the day, and what it counted tells nothing. */
  readonly counted: Counts | null;
  readonly stored: Counts;
  /** Answers of learners who were erased since the day began, of whatever day: Prometheus may have counted them. */
  readonly erasedAnswers: number;
  /** Seconds of the day in which Prometheus scraped nothing. */
  readonly unwatchedSeconds: number;
};

/** Per kind: what was counted beyond what is stored; negative where less was counted; null where that cannot be told. */
export type Differences = Readonly<Record<keyof Counts, number | null>>;

export function differences({ counted, stored, erasedAnswers }: Reconciliation): Differences {
  if (counted === null) return { answers: null, failures: null, cost: null };
  const answers = counted.answers - stored.answers;
  return {
    answers: answers > 0 ? Math.max(0, answers - erasedAnswers) : answers,
    failures: counted.failures - stored.failures,
    // What the answers of erased learners cost went with them.
    cost: erasedAnswers > 0 ? null : Number((counted.cost - stored.cost).toFixed(6)),
  };
}
