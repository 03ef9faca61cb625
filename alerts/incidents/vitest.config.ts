import { defineConfig } from 'vitest/config';

/** `npm run test:alerts`: apart from `npm test`, because promtool needs seconds for each of these days and nights. */
export default defineConfig({
  test: {
    include: ['alerts/incidents/**/*.test.ts'],
    testTimeout: 180_000,
    maxWorkers: 2,
  },
});
