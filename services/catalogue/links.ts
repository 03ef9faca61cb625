/** Links of alerts: the runbook of the alert's name, and a dashboard. */

import { sloFile } from '../slo/slo-file/loaded.ts';

/** Grafana's uid of each dashboard. */
export const dashboards = {
  slo: 'rag-slo',
  quality: 'rag-quality',
  cost: 'rag-cost',
  requests: 'rag-requests',
  business: 'rag-business',
  provenance: 'rag-provenance',
  database: 'rag-database',
  monitoring: 'rag-monitoring-health',
} as const;

export type DashboardId = keyof typeof dashboards;

/** As Grafana shows them. */
export const dashboardTitles: Readonly<Record<DashboardId, string>> = {
  slo: 'RAG SLOs',
  quality: 'Answer quality',
  cost: 'Cost',
  requests: 'Request path',
  business: 'Daily business metrics',
  provenance: 'Provenance and compliance',
  database: 'Database',
  monitoring: 'Monitoring health',
};

/** Base URLs, without a slash at the end. Empty: messages have no such link. */
export type Links = {
  readonly runbooks: string;
  readonly grafana: string;
};

/** Those of slo.yaml. */
export const deploymentLinks: Links = {
  runbooks: withoutSlash(sloFile.links.runbooks ?? ''),
  grafana: withoutSlash(sloFile.links.grafana ?? ''),
};

function withoutSlash(base: string): string {
  return base.replace(/\/+$/, '');
}

export function runbookUrl({ runbooks }: Links, alert: string): string {
  return `${runbooks}/${runbookFile(alert)}`;
}

export function runbookFile(alert: string): string {
  return `${alert}.md`;
}

export function dashboardUrl({ grafana }: Links, dashboard: DashboardId): string {
  return `${grafana}/d/${dashboards[dashboard]}`;
}
