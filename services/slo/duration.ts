/** Parses and formats durations such as `90s`, `5m`, `1h` or `3d`. */

const seconds = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
type Unit = keyof typeof seconds;

/**
 * @returns seconds
 * @throws {RangeError} for any other format
 */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new RangeError(`"${text}" is not a duration. Use a format like 90s, 5m, 1h or 3d.`);
  return Number(count) * seconds[unit as Unit];
}

/** Formats seconds for Prometheus, with millisecond precision: `1h30m`, `2s500ms`. */
export function formatDuration(length: number): string {
  let rest = Math.max(1, Math.round(length * 1_000));
  const parts = (Object.entries(seconds) as [Unit, number][]).map(([unit, each]) => {
    const count = Math.floor(rest / (each * 1_000));
    rest -= count * each * 1_000;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('') + (rest === 0 ? '' : `${rest}ms`);
}
