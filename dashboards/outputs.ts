/** The dashboards as JSON files that Grafana provisions, in one folder per Grafana folder. */
import { type DashboardId, dashboards } from '../services/catalogue/links.ts';
import { allDashboards } from './all-dashboards.ts';
import type { DashboardContext } from './context.ts';
import { dashboardFolders } from './folders.ts';

export type DashboardFile = { readonly path: string; readonly text: string };

/** @throws {Error} if a dashboard has no panels */
export function dashboardFiles(context: DashboardContext): readonly DashboardFile[] {
  return allDashboards(context).map((dashboard) => {
    const path = `dashboards/generated/${folderOf(dashboard.uid)}/${dashboard.uid}.json`;
    if (!dashboard.panels?.length) throw new Error(`${path} has no panels`);
    return { path, text: `${JSON.stringify(dashboard, null, 2)}\n` };
  });
}

function folderOf(uid: string | undefined): string {
  const found = Object.entries(dashboards).find(([, each]) => each === uid);
  if (found === undefined) throw new Error(`unknown dashboard uid: ${uid}`);
  return dashboardFolders[found[0] as DashboardId].name;
}
