import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    include: [
      'services/**/*.test.ts',
      'alerts/**/*.test.ts',
      'dashboards/**/*.test.ts',
      'collector/*.test.ts',
      'test/**/*.test.ts',
    ],
    // `npm run test:collector` compiles a program first.
    exclude: ['test/collector/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
