import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../kit/timeouts.ts';

/** `npm run test:paging`: separate from `npm test`, because it waits minutes for pages of a real Alertmanager. */
export default defineConfig({
  test: {
    globalSetup: ['test/paging/global-setup.ts'],
    include: ['test/paging/**/*.test.ts'],
    ...testTimeouts,
    // One stack runs one incident at a time.
    fileParallelism: false,
  },
});
