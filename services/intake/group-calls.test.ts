import { expect, test } from 'vitest';
import { groupCalls } from './group-calls.ts';

function recording() {
  const groups: string[] = [];
  const run = groupCalls(
    (item: string) => item.slice(0, 1),
    async (key, items) => {
      groups.push(`${key}:${items.join(',')}`);
      if (items.includes('bad')) throw new Error('refused');
      return items.map((item) => item.toUpperCase());
    },
  );
  return { groups, run };
}

test('a call that is alone starts at once, and those that arrive meanwhile share the next one', async () => {
  const { groups, run } = recording();
  expect(await Promise.all(['a1', 'a2', 'a3', 'c1'].map(run))).toEqual(['A1', 'A2', 'A3', 'C1']);
  expect(groups).toEqual(['a:a1', 'c:c1', 'a:a2,a3']);
  expect(await run('a4')).toBe('A4');
  expect(groups.at(-1)).toBe('a:a4');
});

test('a failure fails the calls of its group only', async () => {
  const { run } = recording();
  const results = await Promise.allSettled(['b1', 'bad', 'c1'].map(run));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await run('b2')).toBe('B2');
});
