import { defineConfig } from 'vitest/config';
import { testTimeouts } from './test/kit/timeouts.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: [
      'services/**/*.test.ts',
      'alerts/**/*.test.ts',
      'dashboards/**/*.test.ts',
      'gameday/**/*.test.ts',
      'collector/*.test.ts',
      'test/**/*.test.ts',
    ],
    // What takes minutes is apart, each with its own npm script: programs that are compiled first, a whole stack that pages,
    // days and nights played against the rules, migrations of loaded tables and of databases of others, pages in a browser, ten
    // thousand documents.
    exclude: [
      'test/collector/**',
      'test/prometheus3/**',
      'test/paging/**',
      'test/page/**',
      'alerts/incidents/**',
      'alerts/objective-alerts.test.ts',
      'test/reconciliation.test.ts',
      'test/migrations/**',
      'test/large-sync/**',
      'services/postgres/verify/database-checks.test.ts',
    ],
    // Two processes for all files: what each would import anew takes longer than most tests. A file leaves nothing behind.
    isolate: false,
    ...testTimeouts,
    maxWorkers: 2,
  },
});
