/** The model stops citing its sources. */
import type { Incident } from '../incident.ts';

export const citationDrop: Incident = {
  name: 'citation-drop',
  title: 'The model answers without citing its sources',
  model: { citations: 'none' },
  inject: [],
  recover: [],
  expected: [{ alert: 'RagCitationRate', severity: 'critical', service: 'rag-chat' }],
};
