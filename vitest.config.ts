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
    // `npm run test:collector` and `npm run test:prometheus3` compile programs first, `npm run test:paging` runs a whole stack for
    // minutes, and `npm run test:alerts` plays days and nights.
    exclude: ['test/collector/**', 'test/prometheus3/**', 'test/paging/**', 'alerts/incidents/**'],
    // Two processes for all files: what each would import anew takes longer than most tests. A file leaves nothing behind.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
