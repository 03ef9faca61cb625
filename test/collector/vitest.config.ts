import { defineConfig } from 'vitest/config';
import { patience } from '../kit/patience.ts';

/** `npm run test:collector`: apart from `npm test`, because it compiles a program of Go for minutes the first time. */
export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts', 'test/collector/global-setup.ts'],
    include: ['test/collector/**/*.test.ts'],
    ...patience,
    maxWorkers: 2,
  },
});
