import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../../test/kit/timeouts.ts';

/** `npm run test:alerts`. Not part of `npm test` because promtool takes seconds per scenario. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['alerts/incidents/**/*.test.ts', 'alerts/objective-alerts.test.ts', 'test/reconciliation.test.ts'],
    ...testTimeouts,
    maxWorkers: 2,
  },
});
