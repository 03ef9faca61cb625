/** The model fails, so every question fails. */
import type { Incident } from '../incident.ts';

export const errors: Incident = {
  name: 'errors',
  title: 'The model returns 500 for every request',
  model: { errorShare: 1 },
  inject: [],
  recover: [],
  expected: [{ alert: 'RagErrorRate', severity: 'critical', service: 'rag-chat' }],
  symptoms: ['RagAvailability'],
};
