/** The chat server dies as a process dies that is killed. */
import type { Incident } from '../incident.ts';

export const chatAway: Incident = {
  name: 'chat-away',
  title: 'The chat server is killed (SIGKILL)',
  inject: ['kill the chat server'],
  heal: ['start the chat server'],
  expected: [{ alert: 'RagTargetDown', severity: 'critical', service: 'rag-chat' }],
};
