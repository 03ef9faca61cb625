/** Tells which incidents a stage cannot play, and why. */
import { incidents } from '../incidents.ts';
import type { Stage } from './stage.ts';

/** @returns reasons by the incident's name */
export function whyNotPlayed(stage: Pick<Stage, 'whyNot'>): Readonly<Record<string, string>> {
  const reasons = incidents.flatMap((incident): [string, string][] => {
    const whyNot = stage.whyNot(incident);
    return whyNot === null ? [] : [[incident.name, whyNot]];
  });
  return Object.fromEntries(reasons);
}
