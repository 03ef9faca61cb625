/** Turns a raw score into a probability by a table of measured points. */

/** Raw score and measured share of right ones, both ascending. */
export type Table = readonly (readonly [score: number, share: number])[];

/** Between two points in proportion; beyond the ends, the share of the end. */
export function calibrate(table: Table, score: number): number {
  let [lowScore, lowShare] = table[0] ?? [0, 0];
  if (score <= lowScore) return lowShare;
  for (const [highScore, highShare] of table) {
    if (score <= highScore) {
      return lowShare + ((highShare - lowShare) * (score - lowScore)) / (highScore - lowScore);
    }
    [lowScore, lowShare] = [highScore, highShare];
  }
  return lowShare;
}
