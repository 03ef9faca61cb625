import { expect, test } from 'vitest';
import { type Labelled, separation } from './auc.ts';
import { calibrate } from './calibration.ts';
import { createRandom } from './random.ts';

/** Normal deviates; right answers are shifted up. */
function drawn(answers: number, shift: number, seed: number): readonly Labelled[] {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: answers }, (_, index) => ({
    right: index % 2 === 0,
    score: normal() + (index % 2 === 0 ? shift : 0),
  }));
}

test('the area counts pairs in which the right answer scores higher, ties by half', () => {
  const labelled = [
    ...Array.from({ length: 10 }, () => ({ score: 0.8, right: true })),
    ...Array.from({ length: 5 }, () => ({ score: 0.8, right: false })),
    ...Array.from({ length: 5 }, () => ({ score: 0.2, right: false })),
  ];
  expect(separation(labelled)?.auc).toBeCloseTo(0.75, 10);
});

test('fewer than ten answers of a class have no figure', () => {
  expect(separation(drawn(18, 1, 1))).toBeNull();
  expect(separation([])).toBeNull();
});

test('the interval contains the true area in about 95 of 100 samples', () => {
  // A shift of one standard deviation has an area of 0.760.
  const contained = Array.from({ length: 100 }, (_, seed) => separation(drawn(120, 1, seed + 1))).filter(
    (each) => each !== null && each.low <= 0.76 && each.high >= 0.76,
  );
  expect(contained.length).toBeGreaterThanOrEqual(88);
});

test('a score without any relation to the labels is almost never separated from chance', () => {
  const validated = Array.from({ length: 100 }, (_, seed) => separation(drawn(100, 0, seed + 1))).filter(
    (each) => each !== null && each.low > 0.5,
  );
  expect(validated.length).toBeLessThanOrEqual(8);
});

test('a sample without any overlap still has an interval', () => {
  const perfect = separation(drawn(20, 100, 3));
  expect(perfect?.auc).toBe(1);
  expect(perfect?.low).toBeLessThan(0.75);
});

test('calibration compares each level of a score with its share of right answers', () => {
  const labelled = Array.from({ length: 100 }, (_, index) => ({ score: 0.9, right: index < 70 }));
  const { bins, error } = calibrate(labelled);
  expect(bins).toEqual([{ from: 0.8, to: 1, answers: 100, meanScore: expect.closeTo(0.9), shareRight: 0.7 }]);
  expect(error).toBeCloseTo(0.2);
  expect(calibrate([]).error).toBeNull();
});
