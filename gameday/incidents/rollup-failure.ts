/** The daily rollup fails twice in a row. */
import type { Incident } from '../incident.ts';

export const rollupFailure: Incident = {
  name: 'rollup-failure',
  title: 'The database refuses what the daily rollup writes, two runs in a row',
  inject: ['forbid rows of the rollup', 'run the rollup', 'run the rollup'],
  heal: ['allow rows of the rollup', 'run the rollup'],
  expected: [{ alert: 'RagBatchJob', severity: 'critical', service: 'rag-worker' }],
};
