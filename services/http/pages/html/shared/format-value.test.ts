import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectives } from '../../../../../test/kit/slo/specification.ts';
import { formatDay, formatMeasure, formatYen } from './format-value.ts';

test.each([
  [objectives.citationRate, 0.8731, '87.3%', '87.3%'],
  [objectives.citationRate, 1, '100%', '100%'],
  [objectives.latencyP50, 0.0374, '37 ms', '37 ミリ秒'],
  [objectives.latencyP95, 2.174, '2.17 s', '2.17 秒'],
  [objectives.latencyP95, 0, '0 ms', '0 ミリ秒'],
  [objectives.costPerAnswer, 0, '¥0', '¥0'],
  [objectives.costPerAnswer, 1.5, '¥1.50', '¥1.50'],
  [objectives.costPerAnswer, 0.000123, '¥0.0001', '¥0.0001'],
  [objectives.relevance, 0.8, '0.80', '0.80'],
  [objectives.errorRate, 0.0004, '0.04%', '0.04%'],
])('%o of %d is formatted as %s, and as %s in Japanese', (objective, value, english, japanese) => {
  expect(formatMeasure(objective, value, 'en')).toBe(english);
  expect(formatMeasure(objective, value, 'ja')).toBe(japanese);
});

test.each([
  [objectives.latencyP95, 3.0004, '3.0004 s'],
  [objectives.citationRate, 0.69999, '69.999%'],
  [objectives.errorRate, 0.000999, '0.0999%'],
  [objectives.relevance, 0.6996, '0.6996'],
])('a breached value is never formatted like the target: %o %d is formatted as %s', (objective, value, text) => {
  expect(formatMeasure(objective, value, 'en')).toBe(text);
});

test('only 0 is formatted as 0', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-7, max: 1e6, noNaN: true }), (yen) => {
      expect(Number(formatYen(yen, 'en').replace(/[¥,]/g, ''))).toBeGreaterThan(0);
    }),
  );
  expect(formatYen(0, 'en')).toBe('¥0');
});

test('a day is formatted independently of the time zone of the server', () => {
  expect([formatDay('2026-03-01', 'en'), formatDay('2026-03-01', 'ja')]).toEqual(['Sun, Mar 1', '3月1日(日)']);
});
