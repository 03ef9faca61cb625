/** Grafana's folders, and which board is in which: what users get, what is reported, and what keeps it running. */
import type { DashboardId } from '../services/catalogue/links.ts';

export type Folder = {
  /** Of dashboards/generated. */
  readonly name: string;
  readonly title: string;
  readonly uid: string;
};

const service: Folder = { name: 'service', title: 'Service', uid: 'rag-service' };
const reports: Folder = { name: 'reports', title: 'Reports', uid: 'rag-reports' };
const machinery: Folder = { name: 'machinery', title: 'Machinery', uid: 'rag-machinery' };

export const boardFolders: Readonly<Record<DashboardId, Folder>> = {
  slo: service,
  requests: service,
  quality: service,
  cost: service,
  business: reports,
  provenance: reports,
  database: machinery,
  monitoring: machinery,
};
