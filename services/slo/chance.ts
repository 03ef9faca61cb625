/** Random variation of traffic that is exactly at its target: how far a value must deviate before an alert fires. */

/**
 * A breach is significant when the bad events (for means: the sum of values) of the long window exceed
 * `perEvent` × events + `perRoot` × √events + `constant`.
 */
export type Guard = {
  readonly perEvent: number;
  readonly perRoot: number;
  readonly constant: number;
  /** With at least this many events in the long window, every value beyond the threshold is significant. */
  readonly sufficientEvents: number;
};

/** Distribution of one event's contribution while the service is exactly at its target. */
export type Event = {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
};

/** A bad event counts 1, a good one 0. */
export function badEvent(share: number): Event {
  const deviation = Math.sqrt(share * (1 - share));
  return { mean: share, deviation, skewness: (1 - 2 * share) / deviation };
}

/** A gamma-distributed amount. `spread` is its standard deviation divided by its mean. */
export function amount(mean: number, spread: number): Event {
  return { mean, deviation: mean * spread, skewness: 2 * spread };
}

/**
 * The guard that random variation exceeds on at most `alpha` of all days.
 *
 * A sum of n events exceeds its mean by u deviations with the probability of a normal tail, corrected for skew with the first
 * Cornish–Fisher term. A window that slides through a day has about 1 + u² × (day / window) independent chances to do so
 * (Aldous, "Probability Approximations via the Poisson Clumping Heuristic").
 *
 * @param limit average contribution per event that the alert's threshold allows
 * @param window length of the long window in seconds
 * @param alpha accepted share of days with a false alert
 */
export function guardAgainstChance(event: Event, limit: number, window: number, alpha: number): Guard {
  const u = deviationsFor(alpha, window);
  const perRoot = rounded(u * event.deviation);
  const constant = rounded(Math.max(0, ((u * u - 1) / 6) * event.skewness * event.deviation));
  return {
    perEvent: rounded(event.mean),
    perRoot,
    constant,
    sufficientEvents: Math.ceil(crossing(limit - event.mean, perRoot, constant)),
  };
}

/** Number of deviations that a sliding window exceeds on `alpha` of all days. */
export function deviationsFor(alpha: number, window: number): number {
  const windows = 86_400 / window;
  return bisect(1, 40, (u) => normalTail(u) * (1 + windows * u * u) > alpha);
}

/** Probability that a standard normal value is above u, to seven digits (Numerical Recipes' Chebyshev fit of erfc). */
export function normalTail(u: number): number {
  const x = Math.abs(u) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const fit = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ].reduce((sum, coefficient) => sum * t + coefficient, 0);
  const tail = (t * Math.exp(fit - x * x)) / 2;
  return u < 0 ? 1 - tail : tail;
}

/** The value that a standard normal variable exceeds with probability p. */
export function normalDeviate(p: number): number {
  return bisect(-40, 40, (u) => normalTail(u) > p);
}

/** The smallest n from which distance × n stays above perRoot × √n + constant. */
function crossing(distance: number, perRoot: number, constant: number): number {
  return ((perRoot + Math.sqrt(perRoot * perRoot + 4 * distance * constant)) / (2 * distance)) ** 2;
}

/** The point between `low`, where `below` is true, and `high`, where it is false, at which it changes. */
function bisect(low: number, high: number, below: (value: number) => boolean): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step += 1) {
    const middle = (from + to) / 2;
    if (below(middle)) from = middle;
    else to = middle;
  }
  return to;
}

/** Four digits keep the generated rules readable. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
