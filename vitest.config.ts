import { defineConfig } from 'vitest/config';

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
    // days and nights played against the rules, migrations of loaded tables and of databases of others, pages in a browser.
    exclude: [
      'test/collector/**',
      'test/prometheus3/**',
      'test/paging/**',
      'test/page/**',
      'alerts/incidents/**',
      'alerts/objective-alerts.test.ts',
      'test/reconciliation.test.ts',
      'test/migrations/**',
      'services/postgres/verify/database-checks.test.ts',
    ],
    // Two processes for all files: what each would import anew takes longer than most tests. A file leaves nothing behind.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A second is short where others work too.
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
  },
});
