import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../kit/timeouts.ts';

/** `npm run test:large-sync`: separate from `npm test`, because it stores ten thousand documents, each in its own transaction. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['test/large-sync/**/*.test.ts'],
    ...testTimeouts,
    testTimeout: 2_400_000,
  },
});
