/** The daily rollup fails twice in a row. */
import type { Incident } from '../incident.ts';

export const rollupFailure: Incident = {
  name: 'rollup-failure',
  title: 'The database rejects the rows of the daily rollup, two runs in a row',
  inject: ['reject rollup rows', 'run the rollup', 'run the rollup'],
  recover: ['accept rollup rows', 'run the rollup'],
  expected: [{ alert: 'RagBatchJob', severity: 'critical', service: 'rag-worker' }],
};
