/** The model fails, and with it every question. */
import type { Incident } from '../incident.ts';

export const errors: Incident = {
  name: 'errors',
  title: 'The model refuses every request with a 500',
  model: { errorShare: 1 },
  inject: [],
  heal: [],
  expected: [{ alert: 'RagErrorRate', severity: 'critical', service: 'rag-chat' }],
};
