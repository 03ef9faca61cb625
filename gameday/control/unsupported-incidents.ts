/** Lists the incidents that a stack cannot run, with the reasons. */
import { incidents } from '../incidents.ts';
import type { FaultRunner } from './fault-runner.ts';

/** @returns reasons by the incident's name */
export function unsupportedIncidents(
  faultRunner: Pick<FaultRunner, 'unsupportedReason'>,
): Readonly<Record<string, string>> {
  const reasons = incidents.flatMap((incident): [string, string][] => {
    const reason = faultRunner.unsupportedReason(incident);
    return reason === null ? [] : [[incident.name, reason]];
  });
  return Object.fromEntries(reasons);
}
