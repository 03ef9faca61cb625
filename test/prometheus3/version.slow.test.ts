import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test.each(['prometheus', 'promtool'])('tests run the %s that was built', (program) => {
  const { stdout } = spawnSync('which', [program], { encoding: 'utf8' });
  expect(stdout).toMatch(/prometheus3-[0-9a-f]{16}/);
});

test('the stack runs the same release as the tests', () => {
  const [, minor] = /prometheus v0\.3(\d\d)\./.exec(readFileSync('test/prometheus3/go.mod', 'utf8')) ?? [];
  const [, image] = /prom\/prometheus:v3\.(\d+)\./.exec(readFileSync('docker-compose.yml', 'utf8')) ?? [];
  expect(Number(image)).toBe(Number(minor));
});
