import { defineConfig } from 'vitest/config';
import { patience } from '../kit/patience.ts';

/** `npm run test:prometheus3`: apart from `npm test`, because it compiles programs of Go for minutes the first time. */
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
