import { defineConfig } from 'vitest/config';
import { testTimeouts } from '../kit/timeouts.ts';

/** `npm run test:collector`: separate from `npm test`, because the first run compiles a Go program for minutes. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts', 'test/collector/global-setup.ts'],
    include: ['test/collector/**/*.test.ts'],
    ...testTimeouts,
    maxWorkers: 2,
  },
});
