import { expect, test } from 'vitest';
import { askedFor, defines } from './extractive-definition.ts';

test.each([
  ['What is RAG?', 'rag'],
  ['what are the archive areas', 'archive areas'],
  ['What does SLO stand for?', 'slo'],
  ['引用率とは何ですか？', '引用率'],
  ['ＲＡＧって何', 'rag'],
  ['引用率の意味は', '引用率'],
  ['このサービスの目標を教えて', 'このサービスの目標'],
  ['費用はいくらですか', '費用'],
  ['how much does it cost?', 'cost'],
  ['What does "unpriced" mean?', 'unpriced'],
  ['error budget', 'error budget'],
  ['引用率', '引用率'],
])('%s asks what %s is', (query, subject) => {
  expect(askedFor(query)).toBe(subject);
});

test('a question that is padded to its greatest length is read at once', () => {
  expect(askedFor(`What does SLO${' '.repeat(7_980)}mean?`)).toBe('slo');
  expect(askedFor(`what does ${'\u3000'.repeat(3_990)}${'a '.repeat(1_990)}!`)).toBeNull();
  expect(askedFor(`What is${' '.repeat(7_980)}an SLO?`)).toBe('slo');
});

test.each([
  'How long are logs kept?',
  'ログは何日残りますか',
  'it works?',
  'Is RAG good?',
  `What is ${'a very '.repeat(9)}long thing?`,
])('%s asks for no definition', (query) => {
  expect(askedFor(query)).toBeNull();
});

test.each([
  ['RAG (retrieval-augmented generation) is a way to answer.', 'rag', true],
  ['An SLO means a target.', 'slo', true],
  ['Retrieval-augmented generation (RAG) is a way of answering.', 'rag', true],
  ['The citation rate of a day is a share.', 'citation rate', true],
  ['RAG is used for three reasons.', 'rag', false],
  ['A citation that fails is a bad one.', 'citation', false],
  ['検索拡張生成（RAG、Retrieval-Augmented Generation）とは、方法です。', 'rag', true],
  ['回答の費用とは、単価を掛けた金額です。', '費用', true],
  ['費用は合計する前に丸めません。', '費用', false],
  ['引用率とは、割合です。', '引用率', true],
  ['「引用率」は割合を指します。', '引用率', true],
  ['Many people like RAG.', 'rag', false],
  ['目標を引用率で決めます。', '引用率', false],
])('whether %s defines %s: %s', (sentence, subject, expected) => {
  expect(defines(sentence, subject)).toBe(expected);
});
