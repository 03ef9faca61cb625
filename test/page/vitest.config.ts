import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../kit/timeouts.ts';

/** `npm run test:pages`: separate from `npm test`, because a real browser renders every page in several forms. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['test/page/**/*.test.ts'],
    ...testTimeouts,
    maxWorkers: 2,
  },
});
