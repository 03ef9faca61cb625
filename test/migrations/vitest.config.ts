import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../kit/timeouts.ts';

/** `npm run test:migrations`: apart from `npm test`, because tables are filled, adopted and damaged, and every migration goes down and up. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: ['test/migrations/**/*.test.ts', 'services/postgres/verify/database-checks.test.ts'],
    ...testTimeouts,
    maxWorkers: 2,
  },
});
