/** PROGRAM `npm run generated`: writes every generated file again, and fails when one of them was not up to date. */
import { execFileSync } from 'node:child_process';

const git = (...args: readonly string[]) => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
const state = () => `${git('status', '--porcelain')}${git('diff')}`;

const before = state();
for (const script of ['generate', 'expected-schema']) {
  execFileSync('npm', ['run', '--silent', script], { stdio: ['ignore', 'ignore', 'inherit'] });
}
if (state() !== before) {
  console.error(`Generated files were not up to date. Commit what these commands wrote:
  npm run generate && npm run expected-schema

${git('status', '--short')}`);
  process.exitCode = 1;
}
