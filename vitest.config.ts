import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const database = '**/*.db.test.ts';
const slow = '**/*.slow.test.ts';
const elsewhere = ['**/node_modules/**', '.data/**'];

/**
 * `*.test.ts` is a unit test: no database, no other program. `*.db.test.ts` may use PostgreSQL and start programs.
 * `*.slow.test.ts` belongs to a suite of vitest.slow.config.ts.
 */
/** Tests do not depend on the numbers of the deployment's slo.yaml. */
const SLO_FILE = fileURLToPath(new URL('test/kit/slo/specification.yaml', import.meta.url));

export default defineConfig({
  test: {
    env: { SLO_FILE },
    // Two processes for all files: imports take longer than most tests. A test file leaves nothing behind.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['**/*.test.ts'], exclude: [database, slow, ...elsewhere] },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: [database],
          exclude: elsewhere,
          globalSetup: ['test/kit/global-setup.ts'],
        },
      },
    ],
  },
});
