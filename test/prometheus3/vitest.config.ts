import { defineConfig } from 'vitest/config';
import { patience } from '../kit/patience.ts';

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
      'test/stack/own-tools.test.ts',
    ],
    ...patience,
    maxWorkers: 2,
  },
});
