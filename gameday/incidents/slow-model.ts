/** The model takes longer than the latency target. */
import type { Incident } from '../incident.ts';

export const slowModel: Incident = {
  name: 'slow-model',
  title: 'The model takes 5.7 s for each answer',
  model: { delayMs: 5_700 },
  inject: [],
  recover: [],
  expected: [{ alert: 'RagLatencyP95', severity: 'critical', service: 'rag-chat' }],
};
