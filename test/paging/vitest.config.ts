import { defineConfig } from 'vitest/config';

/** `npm run test:paging`: apart from `npm test`, because it waits minutes for pages of a real Alertmanager. */
export default defineConfig({
  test: {
    globalSetup: ['test/paging/global-setup.ts'],
    include: ['test/paging/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 60_000,
    // One stack, one incident at a time.
    fileParallelism: false,
  },
});
