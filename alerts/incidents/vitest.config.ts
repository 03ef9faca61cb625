import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../../test/kit/timeouts.ts';

/** `npm run test:alerts`: apart from `npm test`, because promtool needs seconds for each of these days and nights, and Prometheus its time. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['alerts/incidents/**/*.test.ts', 'alerts/objective-alerts.test.ts', 'test/reconciliation.test.ts'],
    ...testTimeouts,
    maxWorkers: 2,
  },
});
