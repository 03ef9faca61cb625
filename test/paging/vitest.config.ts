import { defineConfig } from 'vitest/config';
import { patience } from '../kit/patience.ts';

/** `npm run test:paging`: apart from `npm test`, because it waits minutes for pages of a real Alertmanager. */
export default defineConfig({
  test: {
    globalSetup: ['test/paging/global-setup.ts'],
    include: ['test/paging/**/*.test.ts'],
    ...patience,
    // One stack, one incident at a time.
    fileParallelism: false,
  },
});
