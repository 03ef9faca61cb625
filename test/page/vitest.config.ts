import { defineConfig } from 'vitest/config';
import { patience } from '../kit/patience.ts';

/** `npm run test:pages`: apart from `npm test`, because a real browser reads every page in each of its forms. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['test/page/**/*.test.ts'],
    ...patience,
    maxWorkers: 2,
  },
});
