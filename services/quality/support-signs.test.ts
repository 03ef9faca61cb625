import { expect, test } from 'vitest';
import { scoreAnswerQuality } from './score-answer.ts';
import { supportSigns } from './support-signs.ts';

const passage = 'The pump runs for 30 days without service. Only operators may open the cover.';
const passageJa = 'ポンプは30日間、整備なしで動きます。カバーを開けてよいのは担当者だけです。';

test.each([
  ['The pump runs for 30 hours without service.', passage, { unit: 1 }],
  ['The pump does not run for 30 days.', 'The pump runs for 30 days.', { negation: 1 }],
  ['ポンプは30時間、整備なしで動きます。', passageJa, { unit: 1 }],
  ['ポンプは整備なしでは動きません。', 'ポンプは整備なしで動きます。', { negation: 1 }],
  ['The pump runs for 30 days without service.', passage, { words: 1, unit: 0, negation: 0, changed: 0 }],
])('the signs of "%s"', (claim, of, signs) => {
  expect(supportSigns(claim, of, 'Pump')).toMatchObject(signs);
});

test('a changed number, unit or person is less grounded than the sentence itself', () => {
  const of = (answer: string) =>
    scoreAnswerQuality({
      query: 'How long does the pump run?',
      answer,
      passages: [{ title: 'Pump', heading: '', text: passage }],
      weights: null,
    }).groundedness ?? Number.NaN;
  expect(of('The pump runs for 30 days without service.')).toBe(1);
  for (const changed of [
    'The pump runs for 90 days without service.',
    'The pump runs for 30 hours without service.',
    'Only customers may open the cover.',
  ])
    expect(of(changed)).toBeLessThan(0.8);
});
