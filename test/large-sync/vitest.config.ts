import { defineConfig } from 'vitest/config';
import { patience } from '../kit/patience.ts';

/** `npm run test:large-sync`: apart from `npm test`, because ten thousand documents are stored, each in a transaction of its own. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['test/large-sync/**/*.test.ts'],
    ...patience,
    testTimeout: 2_400_000,
  },
});
