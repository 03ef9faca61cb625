/** Monitoring health: whether alerting works, the jobs run, and telemetry is complete. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, type Dashboard, line, row } from './dashboard.ts';
import * as collector from './panels/collector.ts';
import * as jobs from './panels/jobs.ts';
import * as monitoring from './panels/monitoring.ts';
import * as reconciliation from './panels/reconciliation.ts';
import { recordImbalance } from './panels/records.ts';
import { rollupAge } from './panels/slo/objectives.ts';

export function monitoringHealthDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'monitoring',
    question: 'Does alerting work, do the jobs run, and is telemetry complete?',
    context,
    from: 'now-6h',
    refresh: '1m',
    rows: [
      row(
        100,
        'Summary',
        line(
          4,
          cell(1, 3, monitoring.watchdog()),
          cell(2, 3, monitoring.targetsDown()),
          cell(3, 3, monitoring.ruleFailures()),
          cell(4, 4, monitoring.undeliveredAlerts()),
          cell(5, 3, rollupAge(context)),
          cell(6, 4, jobs.rollupFailures()),
          cell(7, 4, recordImbalance()),
        ),
        line(9, cell(11, 16, jobs.latestRuns()), cell(12, 8, monitoring.scrapeTargets())),
      ),
      row(
        101,
        'Rules and notifications',
        line(8, cell(21, 12, monitoring.ruleEvaluationTime()), cell(22, 12, monitoring.notificationsPerMinute())),
      ),
      row(
        102,
        'Jobs and versions',
        line(
          8,
          cell(31, 7, jobs.rollupDuration()),
          cell(32, 7, jobs.rollupRuns()),
          cell(33, 4, jobs.workerDatabaseAccess()),
          cell(34, 6, monitoring.runningVersions()),
        ),
        line(7, cell(35, 18, reconciliation.reconciliation()), cell(36, 6, reconciliation.reconciliationStatus())),
      ),
      row(
        103,
        'OpenTelemetry Collector',
        line(
          8,
          cell(41, 6, collector.queueUsage()),
          cell(42, 6, collector.throughput()),
          cell(43, 6, collector.losses()),
          cell(44, 6, collector.memory()),
        ),
      ),
      row(
        104,
        'Prometheus',
        line(9, cell(23, 12, monitoring.seriesCount()), cell(24, 12, monitoring.seriesByMetric())),
      ),
    ],
  });
}
