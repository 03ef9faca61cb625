import { expect, test } from 'vitest';
import { fuseRankings } from './fuse-rankings.ts';

test('what two rankings find comes before what one of them finds first', () => {
  const fused = fuseRankings([
    ['a', 'b', 'c'],
    ['d', 'b', 'e'],
  ]);
  expect(fused.map(([key]) => key)).toEqual(['b', 'a', 'd', 'c', 'e']);
  expect(fused[0]?.[1]).toBeCloseTo(2 / 62, 12);
  expect(fused[4]?.[1]).toBeCloseTo(1 / 63, 12);
});

test('one ranking keeps its order', () => {
  expect(fuseRankings([['x', 'z', 'y']]).map(([key]) => key)).toEqual(['x', 'z', 'y']);
  expect(fuseRankings([[], []])).toEqual([]);
});
