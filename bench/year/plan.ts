/** The loaded days, and the number of rows at a scale. */
import { addDays, type Day, daysBetween, startOf } from '../../services/rollup/day.ts';
import type { Piece } from './generate-dialogues.ts';

export const firstDay: Day = '2025-01-01';
export const lastDay: Day = '2025-12-31';
/** The day after the year, with ten times as many dialogues. */
export const busyDay: Day = addDays(lastDay, 1);
/** The current time for queries that need it. */
export const afterTheYear = startOf(addDays(busyDay, 1));

export type Plan = {
  readonly scale: number;
  readonly pieces: readonly Piece[];
  readonly dialogues: number;
  readonly contents: number;
  readonly plugins: number;
};

/** @param scale 1 is 10,000 dialogues a day and 120,000 documents */
export function planYear(scale: number): Plan {
  const aDay = Math.max(1, Math.round(10_000 * scale));
  const regular = daysBetween(firstDay, lastDay).map((day, seed) => pieceOf(startOf(day), 24, aDay, seed));
  const busy = Array.from({ length: 10 }, (_, part) =>
    pieceOf(new Date(startOf(busyDay).getTime() + part * 2.4 * hour), 2.4, aDay, regular.length + part),
  );
  const pieces = [...regular, ...busy];
  return { scale, pieces, dialogues: pieces.length * aDay, contents: Math.round(120_000 * scale), plugins: 500 };
}

const hour = 3_600_000;

function pieceOf(from: Date, hours: number, rows: number, seed: number): Piece {
  return { from, to: new Date(from.getTime() + hours * hour), rows, seed };
}
