/** Lengths of time as people write them (`90s`, `5m`, `1h`, `3d`), in seconds and back. */

const seconds = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
type Unit = keyof typeof seconds;

/** @throws {RangeError} for text that is no such length */
export function parseDuration(span: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(span) ?? [];
  if (count === undefined) throw new RangeError(`"${span}" is no length of time: write it as 90s, 5m, 1h or 3d`);
  return Number(count) * seconds[unit as Unit];
}

/** As Prometheus reads it, to a millisecond: `1h30m`, `2s500ms`. */
export function formatDuration(length: number): string {
  let rest = Math.max(1, Math.round(length * 1_000));
  const parts = (Object.entries(seconds) as [Unit, number][]).map(([unit, each]) => {
    const count = Math.floor(rest / (each * 1_000));
    rest -= count * each * 1_000;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('') + (rest === 0 ? '' : `${rest}ms`);
}
