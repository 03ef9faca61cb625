import { expect, test } from 'vitest';
import { scoreAnswerQuality } from './score-answer.ts';

const passages = [
  {
    title: 'Operations',
    heading: 'Log files',
    text: 'Log files are rotated every night and kept for 30 days. The nightly job deletes older ones.',
  },
  {
    title: '運用',
    heading: '引用率',
    text: '引用率とは、有効な引用を少なくとも一つ持つ回答の割合です。目標は70%以上です。',
  },
];
const score = (query: string, answer: string, of = passages) =>
  scoreAnswerQuality({ query, answer, passages: of, weights: null });

test.each([
  ['How long are log files kept?', 'Log files are kept for 30 days.', 'The goal is at least 70%.'],
  ['引用率の目標は何%ですか。', '引用率の目標は70%以上です。', '夜間の処理が古いものを削除します。'],
])('an answer to "%s" is more relevant than one beside the point', (query, right, beside) => {
  expect(score(query, right).answer_relevance).toBeGreaterThan((score(query, beside).answer_relevance ?? 1) + 0.05);
});

test('a quotation and a paraphrase are grounded, an invented statement and a wrong number are less so', () => {
  const of = (answer: string) => score('How long are log files kept?', answer).groundedness ?? Number.NaN;
  expect(of('Log files are rotated every night and kept for 30 days.')).toBe(1);
  expect(of('Older logs are deleted by a nightly job.')).toBeGreaterThan(0.7);
  expect(of('Log files are kept for 90 days.')).toBeLessThan(0.6);
  expect(of('The director stores backups in a mountain bunker.')).toBe(0);
});

test('what words cannot decide is not judged', () => {
  expect(score('How long?', '', [])).toEqual({ groundedness: null, answer_relevance: null, context_relevance: null });
  // The passages are in the other language only.
  expect(score('ログは何日保存されますか。', 'ログは30日保存されます。', passages.slice(0, 1)).groundedness).toBeNull();
});

test('passages about the subject are more relevant than others', () => {
  const about = score('How long are log files kept?', 'Log files are kept.').context_relevance ?? 0;
  const other = score('How do I bake bread?', 'Log files are kept.').context_relevance ?? 1;
  expect(about).toBeGreaterThan(other);
});

test('rare words of the question count more than common ones', () => {
  const weights = new Map([
    ['rotat', 8],
    ['file', 1],
  ]);
  const of = (answer: string) =>
    scoreAnswerQuality({ query: 'rotate files', answer, passages, weights }).answer_relevance ?? Number.NaN;
  expect(of('They are rotated.')).toBeGreaterThan(of('They are files.'));
});
