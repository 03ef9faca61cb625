/** The chart's generated files match the code. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { chartFiles, chartFolder } from '../../deploy/helm/chart-files.ts';

vi.hoisted(() => {
  // The committed files are of the shipped objectives, not of those that other tests use.
  delete process.env.SLO_FILE;
});

const files = chartFiles();

test.each(files)('$path is up to date', ({ path, text }) => {
  // Not toBe: a difference between two lines of 50 kB cannot be read.
  expect(existsSync(path) && readFileSync(path, 'utf8') === text, 'run npm run generate').toBe(true);
});

test('the chart contains no other generated files', () => {
  expect(globSync(`${chartFolder}/files/**/*.*`).sort()).toEqual(files.map(({ path }) => path).sort());
});

test('rule groups have at most 20 rules and keep all of them', () => {
  const groupsOf = (text: string) => (parse(text) as { groups: { name: string; rules: unknown[] }[] }).groups;
  const shipped = files.filter(({ path }) => path.includes('/rules/')).flatMap(({ text }) => groupsOf(text));
  const original = globSync('alerts/generated/*-rules.yml').flatMap((file) => groupsOf(readFileSync(file, 'utf8')));
  for (const { name, rules } of shipped) expect(rules.length, name).toBeLessThanOrEqual(20);
  expect(new Set(shipped.map(({ name }) => name)).size).toBe(shipped.length);
  expect(shipped.flatMap(({ rules }) => rules).length).toBe(original.flatMap(({ rules }) => rules).length);
});
