import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('docs/security.md', 'utf8');
const lines = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| threat |'));

test('each line of the threat model names tests that exist and a measure', () => {
  expect(lines.length).toBeGreaterThan(30);
  for (const line of lines) {
    const [threat = '', measure = '', tests = ''] = line.split('|').slice(1, -1);
    expect([threat, measure.trim().length > 10]).toEqual([threat, true]);
    const files = [...tests.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file = '']) => file);
    expect([threat, files.length > 0]).toEqual([threat, true]);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  }
});
