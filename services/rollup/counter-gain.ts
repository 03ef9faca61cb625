/** Calculates what a counter gained in a period, exactly, from the samples in Prometheus and without extrapolation. */

/** Unix time in seconds and the counter's value. */
export type Sample = readonly [at: number, value: number];

export type Period = {
  /** The period: after `from`, up to `to`; Unix time in seconds. */
  readonly from: number;
  readonly to: number;
  /** The last value before the period; undefined if the series did not exist. */
  readonly before: number | undefined;
  /** Whether Prometheus scraped anything shortly before an instant. */
  readonly scrapedBefore: (at: number) => boolean;
};

/**
 * `increase()` would extrapolate to the borders of the period and ignore the value of a series' first sample. Here each
 * sample adds its difference to the one before; a lower sample means that the program restarted and counted from zero.
 * A series that begins while Prometheus is scraping began at zero too; one that exists when scraping begins counts from
 * its first value. Events between a program's last scrape and its exit are in no sample, so they are missing here.
 * @param samples ascending; samples outside the period and non-finite values are ignored
 */
export function counterGain(samples: readonly Sample[], { from, to, before, scrapedBefore }: Period): number {
  let last = before;
  let gain = 0;
  for (const [at, value] of samples) {
    if (at <= from || at > to || !Number.isFinite(value)) continue;
    if (last === undefined) gain += scrapedBefore(at) ? value : 0;
    else gain += value >= last ? value - last : value;
    last = value;
  }
  return gain;
}
