/** Every dashboard, in the order in which `npm run generate` writes them. */
import { businessDashboard } from './business-dashboard.ts';
import type { DashboardContext } from './context.ts';
import { costDashboard } from './cost-dashboard.ts';
import type { Dashboard } from './dashboard.ts';
import { databaseDashboard } from './database-dashboard.ts';
import { monitoringHealthDashboard } from './monitoring-health-dashboard.ts';
import { provenanceDashboard } from './provenance-dashboard.ts';
import { qualityDashboard } from './quality-dashboard.ts';
import { requestsDashboard } from './requests-dashboard.ts';
import { sloDashboard } from './slo-dashboard.ts';

export function allDashboards(context: DashboardContext): readonly Dashboard[] {
  return [
    sloDashboard,
    requestsDashboard,
    qualityDashboard,
    costDashboard,
    businessDashboard,
    provenanceDashboard,
    databaseDashboard,
    monitoringHealthDashboard,
  ].map((build) => build(context));
}
