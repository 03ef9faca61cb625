/** The folders of Grafana and the dashboards in each. */
import type { DashboardId } from '../services/catalogue/links.ts';

export type Folder = {
  /** The folder in dashboards/generated. */
  readonly name: string;
  readonly title: string;
  readonly uid: string;
};

const service: Folder = { name: 'service', title: 'Service', uid: 'rag-service' };
const reports: Folder = { name: 'reports', title: 'Reports', uid: 'rag-reports' };
const infrastructure: Folder = { name: 'infrastructure', title: 'Infrastructure', uid: 'rag-infrastructure' };

export const dashboardFolders: Readonly<Record<DashboardId, Folder>> = {
  slo: service,
  requests: service,
  quality: service,
  cost: service,
  business: reports,
  provenance: reports,
  database: infrastructure,
  monitoring: infrastructure,
};
