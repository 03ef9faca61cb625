/** @param share 0 to 1 @returns the value below which this share of the values lies; 0: there are no values */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
