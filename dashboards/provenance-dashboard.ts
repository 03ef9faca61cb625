/** Documents and their rights: licences, expiry, verification, retention, erasure, and content sources. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, type Dashboard, line, row } from './dashboard.ts';
import * as documents from './panels/documents.ts';
import * as retention from './panels/retention.ts';
import * as sources from './panels/sources.ts';

export function provenanceDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'provenance',
    question: 'May the service use its documents, what expires next, and was everything removed in time?',
    context,
    from: 'now-24h',
    refresh: '15m',
    rows: [
      row(
        100,
        'Summary',
        line(
          4,
          cell(1, 3, documents.documentCount()),
          cell(2, 4, documents.expiriesWithin(30)),
          cell(3, 4, documents.expiriesWithin(90)),
          cell(4, 3, retention.overdueRemovals()),
          cell(5, 3, documents.integrityErrors()),
          cell(6, 4, documents.oldestVerification()),
          cell(7, 3, retention.erasureCount()),
        ),
        line(
          9,
          cell(11, 6, documents.byLicence()),
          cell(12, 6, documents.byAcquisition()),
          cell(13, 6, documents.byPermission()),
          cell(14, 6, documents.byVerification()),
        ),
      ),
      row(101, 'Expiry', line(9, cell(21, 12, documents.nextToExpire()), cell(22, 12, documents.citedAndExpiring()))),
      row(
        102,
        'Verification, retention and erasure',
        line(8, cell(31, 12, retention.retentionTasks()), cell(32, 12, documents.failedVerifications())),
        line(
          8,
          cell(33, 8, retention.removals()),
          cell(34, 10, retention.erasureReceipts()),
          cell(35, 6, retention.overdueOverTime()),
        ),
      ),
      row(
        103,
        'Sources',
        line(7, cell(41, 24, sources.contentSources())),
        line(
          8,
          cell(42, 8, sources.sourceHealthOverTime()),
          cell(43, 8, sources.checkDuration()),
          cell(44, 8, sources.syncedItems()),
        ),
      ),
    ],
  });
}
