/** The folders of Grafana and the dashboards in each. */
import type { BoardId } from '../alerts/links.ts';

export type Folder = {
  /** The folder in dashboards/generated. */
  readonly name: string;
  readonly title: string;
  readonly uid: string;
};

const service: Folder = { name: 'service', title: 'Service', uid: 'rag-service' };
const reports: Folder = { name: 'reports', title: 'Reports', uid: 'rag-reports' };
const infrastructure: Folder = { name: 'infrastructure', title: 'Infrastructure', uid: 'rag-infrastructure' };

export const dashboardFolders: Readonly<Record<BoardId, Folder>> = {
  slo: service,
  requests: service,
  quality: service,
  cost: service,
  business: reports,
  provenance: reports,
  database: infrastructure,
  watchers: infrastructure,
};
