import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/helm/global-setup.ts'],
    include: ['test/helm/**/*.slow.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
