/** All incidents that can be played. */
import type { Incident } from './incident.ts';
import { chatAway } from './incidents/chat-away.ts';
import { citationDrop } from './incidents/citation-drop.ts';
import { collectorAway } from './incidents/collector-away.ts';
import { costSpike } from './incidents/cost-spike.ts';
import { databaseAway } from './incidents/database-away.ts';
import { errors } from './incidents/errors.ts';
import { rollupFailure } from './incidents/rollup-failure.ts';
import { slowModel } from './incidents/slow-model.ts';

export const incidents: readonly Incident[] = [
  citationDrop,
  slowModel,
  costSpike,
  errors,
  rollupFailure,
  databaseAway,
  collectorAway,
  chatAway,
];

/** Undefined: there is none of that name. */
export function incidentNamed(name: string): Incident | undefined {
  return incidents.find((incident) => incident.name === name);
}
