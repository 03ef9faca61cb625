import { expect, test } from 'vitest';
import { retrievedPassage } from '../../test/kit/data/retrieved-passage.ts';
import { citeAnswer } from './citations/cite.ts';
import { scoreAnswer } from './score.ts';

const passages = [
  retrievedPassage(1, 'Log files are rotated every night and kept for 30 days. The nightly job deletes older ones.'),
  retrievedPassage(2, '引用率とは、有効な引用を少なくとも一つ持つ回答の割合です。目標は70%以上です。'),
];

function score(query: string, text: string) {
  return scoreAnswer({ query, ...citeAnswer({ text }, passages, new Date(0), query) });
}

test.each([
  ['How long are log files kept?', 'Log files are kept for 30 days [1].'],
  ['Which job removes older logs?', 'The nightly job deletes older ones [1].'],
  ['引用率の目標は何%ですか？', '引用率の目標は70%以上です[2]。'],
  ['引用率って何？', '有効な引用を持つ回答の割合のことです[2]。'],
  [
    '回答のうち有効な引用を持つものの割合を何と呼ぶ？',
    '引用率と呼びます。引用率とは、有効な引用を少なくとも一つ持つ回答の割合です[2]。',
  ],
])('a fair answer to "%s" scores higher than an irrelevant one', (query, text) => {
  const fair = score(query, text) ?? 0;
  const beside =
    score(query, text.includes('[1]') ? '目標は70%以上です[2]。' : 'The nightly job deletes older ones [1].') ?? 0;
  expect(fair).toBeGreaterThanOrEqual(0.4);
  expect(fair).toBeGreaterThan(beside + 0.2);
});

test('an answer that holds the question and cites every sentence scores 1', () => {
  expect(score('How long are log files kept?', 'Log files are rotated every night and kept for 30 days.[1]')).toBe(1);
});

test('each sentence without a valid citation costs its share', () => {
  const half = 'Log files are rotated every night and kept for 30 days.[1] They are large.';
  expect(score('How long are log files kept?', half)).toBe(0.5);
});

test('an answer without citations scores 0, which is not the same as no score', () => {
  expect(score('How long are log files kept?', 'Log files are kept for 30 days.')).toBe(0);
});

test('an honest "not found" has no score', () => {
  expect(score('How long are log files kept?', '')).toBeNull();
});

test('a question without a word that says something has no score', () => {
  expect(score('これは何ですか？', '引用率の目標は70%以上です[2]。')).toBeNull();
});
