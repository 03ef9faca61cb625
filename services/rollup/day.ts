/** Calendar days in Asia/Tokyo. */

/** YYYY-MM-DD, a real calendar day. */
export type Day = string;

export const timeZone = 'Asia/Tokyo';
/** Constant: Japan has had no daylight saving time since 1951. */
const offset = 9 * 3_600_000;
const length = 24 * 3_600_000;

/** @returns null unless the text is an existing calendar day, written as YYYY-MM-DD */
export function parseDay(text: string): Day | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text) ? text : null;
}

export function dayOf(at: Date): Day {
  return new Date(at.getTime() + offset).toISOString().slice(0, 10);
}

/** The first instant of the day; the day ends before the first instant of the next. */
export function startOf(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - offset);
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * length).toISOString().slice(0, 10);
}

/** Every day from first to last, both included; empty if the last is before the first. */
export function daysBetween(first: Day, last: Day): readonly Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}
