import { defineConfig } from 'vitest/config';

/** `npm run test:migrations`: apart from `npm test`, because tables are filled, and every migration goes down and up again. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['test/migrations/loaded/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
