import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../kit/timeouts.ts';

/** `npm run test:prometheus3`. Not part of `npm test` because the first run compiles Go programs for minutes. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: [
      'test/prometheus3/**/*.test.ts',
      'alerts/**/*.test.ts',
      'test/prometheus-rules.test.ts',
      'test/reconciliation.test.ts',
      'test/spec/runbooks.test.ts',
      'test/stack/validate-configs.test.ts',
    ],
    ...testTimeouts,
    maxWorkers: 2,
  },
});
