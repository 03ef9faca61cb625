/** The generated files. `npm run generated` compares them with the code. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultContext } from './context.ts';
import { dashboardFiles } from './outputs.ts';

const files = dashboardFiles(defaultContext());

test('dashboards/generated contains no other files', () => {
  const made = files.map(({ path }) => path.replace('dashboards/generated/', ''));
  const onDisk = readdirSync('dashboards/generated', { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.json'),
  );
  expect(onDisk.sort()).toEqual(made.toSorted());
});
