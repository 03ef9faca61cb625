/** Which days are due: those that were missed, and the last ones again, because votes and scores arrive late. */
import { addDays, type Day, daysBetween } from './day.ts';

export type Gaps = {
  /** The first day with an answer or a failure; null before the first question. */
  readonly firstDay: Day | null;
  /** Days up to yesterday without a row, or whose row was computed before the day was over; yesterday even without traffic. */
  readonly missing: readonly Day[];
};

const rolledAgain = 7;

/** For the night: all that is missing, and the last seven days that can have had traffic; yesterday always. */
export function nightlyDays({ firstDay, missing }: Gaps, today: Day): readonly Day[] {
  const yesterday = addDays(today, -1);
  const again = daysBetween(addDays(today, -rolledAgain), yesterday).filter(
    (day) => day === yesterday || (firstDay !== null && day >= firstDay),
  );
  return [...new Set([...missing, ...again])].sort();
}

/** For a start, and for the hours after a night that failed: only what is missing. */
export function catchUpDays({ missing }: Gaps): readonly Day[] {
  return missing.toSorted();
}
