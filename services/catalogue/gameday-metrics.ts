/** Exposed by a game day's model server, so that dashboards can distinguish a game day from an incident. */
import type { Metric } from './metric.ts';

/** The scrape job in the game day stack. Other environments may use any name. */
export const gamedayJob = 'rag-gameday';

export const gamedayMetrics = {
  incident: {
    name: 'rag_gameday_incident',
    kind: 'gauge',
    unit: '',
    help: '1 while the incident is active, else 0.',
    labels: { incident: 'open' },
  },
} as const satisfies Record<string, Metric>;
