/** Where an alert sends a person: the runbook of its name, and a dashboard. */

/** The boards of dashboards/, by Grafana's uid; alerts open them. */
export const boards = {
  slo: 'rag-slo',
  quality: 'rag-quality',
  cost: 'rag-cost',
  requests: 'rag-requests',
  business: 'rag-business',
  provenance: 'rag-provenance',
  database: 'rag-database',
  watchers: 'rag-monitoring-health',
} as const;

export type BoardId = keyof typeof boards;

/** As a person sees them in Grafana. */
export const boardTitles: Readonly<Record<BoardId, string>> = {
  slo: 'RAG SLOs',
  quality: 'Answer quality',
  cost: 'Cost',
  requests: 'Request path',
  business: 'Daily business metrics',
  provenance: 'Provenance and compliance',
  database: 'Database',
  watchers: 'Monitoring health',
};

export type Links = {
  /** Without a slash at the end. */
  readonly runbooks: string;
  readonly grafana: string;
};

/** Of the full stack on one machine; `npm run generate -- --runbooks URL --grafana URL` writes others. */
export const localLinks: Links = {
  runbooks: 'http://localhost:3000/runbooks',
  grafana: 'http://localhost:3001',
};

export function runbookUrl({ runbooks }: Links, alert: string): string {
  return `${runbooks}/${runbookFile(alert)}`;
}

export function runbookFile(alert: string): string {
  return `${alert}.md`;
}

export function dashboardUrl({ grafana }: Links, board: BoardId): string {
  return `${grafana}/d/${boards[board]}`;
}
