/** Combines rankings of the same question by reciprocal rank fusion. */

/** The usual constant: how little the first places count more than the next ones. */
const K = 60;

/**
 * Each list gives its n-th key 1/(60 + n) points, from n = 1. Scores of different searches cannot be compared, places can.
 * @returns every key once with its points, best first; equal ones in the order of the first list
 */
export function fuseRankings(
  rankings: readonly (readonly string[])[],
): readonly (readonly [key: string, points: number])[] {
  const points = new Map<string, number>();
  for (const ranking of rankings) {
    for (const [place, key] of ranking.entries()) points.set(key, (points.get(key) ?? 0) + 1 / (K + place + 1));
  }
  return [...points].sort(([, a], [, b]) => b - a);
}
