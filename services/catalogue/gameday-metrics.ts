/** What is rehearsed: exposed by the model server of a game day, so that graphs can tell a rehearsal from an incident. */
import type { Metric } from './metric.ts';

/** The job under which a stack for game days scrapes it; others name it as they like. */
export const gamedayJob = 'rag-gameday';

export const gamedayMetrics = {
  incident: {
    name: 'rag_gameday_incident',
    kind: 'gauge',
    unit: '',
    help: '1 while the incident is injected and not yet healed, else 0.',
    labels: { incident: 'open' },
  },
} as const satisfies Record<string, Metric>;
