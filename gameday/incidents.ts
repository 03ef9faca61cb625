/** All incidents. */
import type { Incident } from './incident.ts';
import { chatDown } from './incidents/chat-down.ts';
import { citationDrop } from './incidents/citation-drop.ts';
import { collectorDown } from './incidents/collector-down.ts';
import { costSpike } from './incidents/cost-spike.ts';
import { databaseDown } from './incidents/database-down.ts';
import { errors } from './incidents/errors.ts';
import { rollupFailure } from './incidents/rollup-failure.ts';
import { slowModel } from './incidents/slow-model.ts';

export const incidents: readonly Incident[] = [
  citationDrop,
  slowModel,
  costSpike,
  errors,
  rollupFailure,
  databaseDown,
  collectorDown,
  chatDown,
];

export function incidentNamed(name: string): Incident | undefined {
  return incidents.find((incident) => incident.name === name);
}
