/** The matrix of failures in docs/slo.md is complete: each component has a row, and each row an existing alert, a delay and a proof. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const section = /^## Failures by component\n(.*?)^## /ms.exec(readFileSync('docs/slo.md', 'utf8'))?.[1] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const alerts = new Set(
  ['slo', 'operation'].flatMap((name) =>
    [...readFileSync(`alerts/generated/${name}-rules.yml`, 'utf8').matchAll(/alert: (\w+)/g)].map(
      ([, alert = '']) => alert,
    ),
  ),
);

test('every component has a failure in the matrix', () => {
  expect([...new Set(rows.map(([component]) => component))]).toEqual([
    'chat',
    'worker',
    'PostgreSQL',
    'model',
    'embeddings',
    'identity provider',
    'Prometheus',
    'Alertmanager',
    'Collector',
    'Caddy',
    'disk',
    'clock',
    'prices',
    'sources',
  ]);
});

test.each(rows)('%s: %s has an alert that exists, a delay and a proof', (...row) => {
  expect(row).toHaveLength(5);
  for (const cell of row) expect(cell).not.toBe('');
  const [, , named = '', , proof = ''] = row;
  for (const alert of named.split(', ')) expect([...alerts]).toContain(alert);
  const files = [...proof.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(existsSync(file), file).toBe(true);
});
