/** Selects the days to roll up: missed days, and recent days again because votes and scores arrive late. */
import { addDays, type Day, daysBetween } from './day.ts';

export type Gaps = {
  /** The first day with an answer or a failure; null: there was no question yet. */
  readonly firstDay: Day | null;
  /**
   * Days up to yesterday without a row, or whose row was computed before the day ended; yesterday even without traffic.
   */
  readonly missing: readonly Day[];
};

const recomputedDays = 7;

/** For the nightly run: all missing days, the last seven days that can have had traffic, and yesterday always. */
export function nightlyDays({ firstDay, missing }: Gaps, today: Day): readonly Day[] {
  const yesterday = addDays(today, -1);
  const again = daysBetween(addDays(today, -recomputedDays), yesterday).filter(
    (day) => day === yesterday || (firstDay !== null && day >= firstDay),
  );
  return [...new Set([...missing, ...again])].sort();
}

/** For startup and for the hours after a failed night: missing days only. */
export function catchUpDays({ missing }: Gaps): readonly Day[] {
  return missing.toSorted();
}
