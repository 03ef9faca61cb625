import { existsSync, globSync } from 'node:fs';
import { expect, test } from 'vitest';
import slowConfig from '../vitest.slow.config.ts';
import { slowSuiteCommand, slowSuites } from './slow-suites.ts';

const projects = (slowConfig.test?.projects ?? []).map((project) =>
  typeof project === 'object' && 'test' in project ? project.test : undefined,
);

test.each(Object.keys(slowSuites))('the suite %s can be started', (name) => {
  const [program, ...args] = slowSuiteCommand(name) ?? [''];
  expect(existsSync(program)).toBe(true);
  const project = args.at(-1);
  if (project !== undefined) expect(projects.map((each) => each?.name)).toContain(project);
});

test('a name that no suite has gives no command', () => {
  expect(slowSuiteCommand('toString')).toBeNull();
});

test('every slow test file belongs to a suite', () => {
  const all = globSync('{alerts,collector,dashboards,gameday,scripts,services,test}/**/*.slow.test.ts');
  expect(all.length).toBeGreaterThan(0);
  const included = new Set(
    projects.flatMap((project) => project?.include ?? []).flatMap((pattern) => globSync(pattern)),
  );
  expect(all.filter((file) => !included.has(file))).toEqual([]);
});
