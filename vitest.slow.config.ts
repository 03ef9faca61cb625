import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const postgres = 'test/kit/global-setup.ts';
const minutes = 60_000;

/** One project for each slow suite that Vitest runs: `npm run test:slow -- NAME`. */
/** Tests do not depend on the numbers of the deployment's slo.yaml. */
const SLO_FILE = fileURLToPath(new URL('test/kit/slo/specification.yaml', import.meta.url));

export default defineConfig({
  test: {
    env: { SLO_FILE },
    maxWorkers: 2,
    testTimeout: 4 * minutes,
    hookTimeout: 4 * minutes,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      suite('alerts', {
        include: ['alerts/**/*.slow.test.ts', 'test/reconciliation.slow.test.ts'],
        globalSetup: [postgres],
      }),
      suite('clients', { include: ['test/clients/**/*.slow.test.ts'], globalSetup: [postgres] }),
      suite('collector', {
        include: ['test/collector/**/*.slow.test.ts'],
        globalSetup: [postgres, 'test/collector/global-setup.ts'],
      }),
      suite('helm', { include: ['test/helm/**/*.slow.test.ts'], globalSetup: ['test/helm/global-setup.ts'] }),
      suite('large-sync', {
        include: ['test/large-sync/**/*.slow.test.ts'],
        globalSetup: [postgres],
        testTimeout: 40 * minutes,
      }),
      suite('migrations', {
        include: ['test/migrations/**/*.slow.test.ts', 'services/postgres/**/*.slow.test.ts'],
        globalSetup: [postgres],
      }),
      suite('pages', { include: ['test/page/**/*.slow.test.ts'], globalSetup: [postgres] }),
      // One stack, one incident at a time.
      suite('paging', {
        include: ['test/paging/**/*.slow.test.ts'],
        globalSetup: ['test/paging/global-setup.ts'],
        fileParallelism: false,
      }),
      // With Prometheus 3 first on the path: test/prometheus3/run.ts starts it.
      suite('prometheus3', {
        include: [
          'test/prometheus3/**/*.slow.test.ts',
          'alerts/**/*.test.ts',
          'test/prometheus-rules.db.test.ts',
          'test/reconciliation.slow.test.ts',
          'test/spec/runbooks.db.test.ts',
          'test/stack/validate-configs.db.test.ts',
        ],
        globalSetup: [postgres],
      }),
      suite('vmalert', { include: ['test/vmalert/**/*.slow.test.ts'], globalSetup: ['test/vmalert/global-setup.ts'] }),
      suite('sdks', { include: ['test/sdks/**/*.slow.test.ts'], globalSetup: [postgres] }),
    ],
  },
});

function suite(
  name: string,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, ...test } };
}
