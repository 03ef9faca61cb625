/** The chat server is killed and not restarted. */
import type { Incident } from '../incident.ts';

export const chatDown: Incident = {
  name: 'chat-down',
  title: 'The chat server is killed (SIGKILL)',
  inject: ['kill the chat server'],
  recover: ['start the chat server'],
  expected: [{ alert: 'RagTargetDown', severity: 'critical', service: 'rag-chat' }],
};
