/** Answers cost several times the target. */
import type { Incident } from '../incident.ts';

export const costSpike: Incident = {
  name: 'cost-spike',
  title: 'The model counts a million tokens for each prompt',
  model: { promptTokens: 1_000_000 },
  inject: [],
  recover: [],
  expected: [{ alert: 'RagCostPerAnswer', severity: 'critical', service: 'rag-chat' }],
};
