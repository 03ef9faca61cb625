import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';

const most = 25;

test.each(['services', 'alerts', 'dashboards', 'gameday'])(
  `no folder of %s holds more than ${most} source files beside tests`,
  (root) => {
    const files = globSync(`${root}/**/*.{ts,js,cjs,css}`).filter((file) => !file.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(0);
    const folders = Map.groupBy(files, dirname);
    expect([...folders].filter(([, inside]) => inside.length > most).map(([folder]) => folder)).toEqual([]);
  },
);
