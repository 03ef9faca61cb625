/** Questions that the sample documents answer, in both languages. */
export const questions: readonly string[] = [
  'What is an error budget?',
  '生成された回答の著作権は誰のものですか？',
  'What is retrieval-augmented generation?',
  'エラーバジェットとは何ですか？',
  'How is the cost of an answer calculated in yen?',
  '引用とは何ですか？',
  'What does a licence allow?',
];
