/** What a counter gained in a period, to the last event: from the samples that Prometheus holds, without extrapolation. */

/** Unix time in seconds, and the counter's value then. */
export type Sample = readonly [at: number, value: number];

export type Watch = {
  /** The period: after `from`, up to `to`; Unix time in seconds. */
  readonly from: number;
  readonly to: number;
  /** The last value before the period; undefined where the series was not there. */
  readonly before: number | undefined;
  /** Whether Prometheus had scraped anything shortly before an instant. */
  readonly watchedBefore: (at: number) => boolean;
};

/**
 * `increase()` would stretch what it sees to the borders of the period, and leave out what a series holds in its first sample.
 * Here each sample counts by what it is above the one before; one that is below it was counted from zero by a program that
 * started again. A series that begins while Prometheus watches began at zero too; one that is there when Prometheus begins to
 * watch counts from what it then holds.
 *
 * What a program counted after its last scrape and before its end is in no sample, so it is not in here.
 * @param samples ascending; those at or before `from` and after `to` are left out, and so is what is no number
 */
export function counterGain(samples: readonly Sample[], { from, to, before, watchedBefore }: Watch): number {
  let last = before;
  let gain = 0;
  for (const [at, value] of samples) {
    if (at <= from || at > to || !Number.isFinite(value)) continue;
    if (last === undefined) gain += watchedBefore(at) ? value : 0;
    else gain += value >= last ? value - last : value;
    last = value;
  }
  return gain;
}
