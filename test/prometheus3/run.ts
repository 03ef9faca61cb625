/** PROGRAM: `npm run test:slow -- prometheus3` runs all tests that use Prometheus or promtool with version 3. Requires Go. */
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { buildPrometheus3 } from './build.ts';

const built = await buildPrometheus3(console.error);
if ('missing' in built) {
  console.error(`The rules are not tested on Prometheus 3. ${built.missing}`);
} else {
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'vitest.slow.config.ts',
    '--project',
    'prometheus3',
  ];
  const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${built.folder}${delimiter}${process.env.PATH}` },
  });
  process.exitCode = status ?? 1;
}
