import { defineConfig } from 'vitest/config';

/** `npm run test:pages`: apart from `npm test`, because a real browser reads every page in each of its forms. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['test/page/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
  },
});
