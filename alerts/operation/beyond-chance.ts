/** More bad events than random variation explains while a share is as usual. */
import { badEvent, type Guard, guardAgainstChance } from '../../services/slo/chance.ts';
import { parseDuration } from '../../services/slo/duration.ts';
import { limits } from '../../services/slo/limits.ts';

/** Of a limit without an objective: the usual share is at most half of it. */
export function usualGuard(share: number, window: string): Guard {
  const { usual, falseAlerts } = limits.chance;
  return guardAgainstChance(badEvent(usual * share), share, parseDuration(window), falseAlerts);
}

/**
 * @param bad and `all` are counts over the window
 * @param on matches series whose labels differ
 */
export function beyondChance(bad: string, all: string, { perEvent, perRoot, constant }: Guard, on?: string): string {
  const limit = `${perEvent} * ${all} + ${perRoot} * sqrt(${all}) + ${constant}`;
  return on === undefined ? `${bad} > ${limit}` : `${bad} > ${on} ${limit}`;
}
