/** What chance alone does to traffic that is exactly at its target: how far an alert has to stand off to be believed. */

/**
 * An alert believes in a breach only where, in the long window, what went wrong is more than
 * `perEvent` × events + `perRoot` × √events + `constant`.
 */
export type Guard = {
  readonly perEvent: number;
  readonly perRoot: number;
  readonly constant: number;
  /** From so many events in the long window on, a value beyond the alert's threshold is always believed. */
  readonly sufficientEvents: number;
};

/** One event's share in what is summed up, while the target is just kept. */
export type Event = {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
};

/** A bad event counts 1. */
export function badEvent(share: number): Event {
  const deviation = Math.sqrt(share * (1 - share));
  return { mean: share, deviation, skewness: (1 - 2 * share) / deviation };
}

/** An amount that varies as a gamma distribution does: `spread` is its standard deviation over its mean. */
export function amount(mean: number, spread: number): Event {
  return { mean, deviation: mean * spread, skewness: 2 * spread };
}

/**
 * The guard that lets chance through on `alpha` of all days at most.
 *
 * A sum of n events goes beyond its mean by u deviations with the probability of a normal tail, stretched for skewed events
 * by Cornish and Fisher's first term. A window that slides through a day has many chances to do so: about
 * 1 + u² × (day / window) independent ones (Aldous, "Probability Approximations via the Poisson Clumping Heuristic").
 *
 * @param limit what the alert's threshold allows an event on average
 * @param window length of the long window in seconds
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

/** Deviations beyond which a window that slides through a day goes on `alpha` of all days. */
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

/** The value that a standard normal one exceeds with the probability p. */
export function normalDeviate(p: number): number {
  return bisect(-40, 40, (u) => normalTail(u) > p);
}

/** The n from which distance × n is never below perRoot × √n + constant. */
function crossing(distance: number, perRoot: number, constant: number): number {
  return ((perRoot + Math.sqrt(perRoot * perRoot + 4 * distance * constant)) / (2 * distance)) ** 2;
}

/** The place between `low`, where `below` is true, and `high`, where it is false, at which that changes. */
function bisect(low: number, high: number, below: (value: number) => boolean): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step += 1) {
    const middle = (from + to) / 2;
    if (below(middle)) from = middle;
    else to = middle;
  }
  return to;
}

/** Four digits are enough for a rule that people read. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
