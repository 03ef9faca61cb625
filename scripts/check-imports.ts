/** Checks the import rules, and fails when the checker has read fewer files than there are. */
import { execFileSync } from 'node:child_process';
import { cruise, format } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const places = ['services', 'alerts', 'dashboards', 'gameday', 'bench', 'collector', 'deploy', 'scripts', 'test'];
const written = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...places], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts'));

const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs');
const result = await cruise(places, options, undefined, { tsConfig: extractTsConfig('./tsconfig.json') });
if (typeof result.output === 'string') throw new Error('dependency-cruiser gave a report instead of its result');

const read = new Set(
  result.output.modules.filter((module) => module.dependencies.length > 0).map((module) => module.source),
);
const all = new Set(result.output.modules.map((module) => module.source));
const unread = written.filter((file) => !all.has(file));
const importless = written.length - written.filter((file) => read.has(file)).length;

const report = await format(result.output, { outputType: 'err' });
process.stdout.write(`${report.output}\n`);
if (unread.length > 0 || importless > written.length / 2) {
  console.error(
    `The import rules were not checked: ${unread.length} of ${written.length} files were not read, ${importless} seem to import nothing. Does dependency-cruiser read this TypeScript version?`,
  );
  process.exit(1);
}
process.exit(result.output.summary.error > 0 ? 1 : 0);
