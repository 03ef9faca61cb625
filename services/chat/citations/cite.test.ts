import { expect, test } from 'vitest';
import { retrievedPassage as passage } from '../../../test/kit/data/retrieved-passage.ts';
import { citeAnswer } from './cite.ts';
import { containsExcerpt } from './excerpt.ts';

const at = new Date('2026-03-07T04:05:06.789Z');

const logs = passage(
  1,
  'Logs are kept for 30 days.\nAfter that they are deleted by the nightly job. Backups live longer.',
);
const rate = passage(2, '引用率は、有効な引用を持つ\n回答の割合です。\n目標は70%以上で、65%を下回ると警告が出ます。', {
  pageNumber: 7,
});
const passages = [logs, rate];
const cite = (text: string, query = 'q') => citeAnswer({ text }, passages, at, query);

test('a citation contains its source, page, paragraph, time and the words that support the claim', () => {
  const cited = cite('引用率が65%を下回ると警告が出る[2]。');
  expect(cited.citations).toEqual([
    {
      source: 'Material #2',
      sourceType: 'material',
      excerpt: '目標は70%以上で、65%を下回ると警告が出ます。',
      confidence: expect.any(Number),
      timestamp: '2026-03-07T04:05:06.789Z',
      pageNumber: 7,
      paragraphIndex: 12,
      valid: true,
      contentId: 'content-2',
      passageId: 'passage-2',
      marks: [{ start: 17, end: 20 }],
    },
  ]);
  expect(cited.citations[0]?.confidence).toBeGreaterThan(0.3);
  expect(cited).toMatchObject({
    outcome: 'answered',
    answer: '引用率が65%を下回ると警告が出る[1]。',
    citationRate: 100,
  });
  expect(cited.sources).toEqual([rate]);
});

test.each([
  ['https://www.youtube.com/watch?v=abc', 83, 'https://www.youtube.com/watch?v=abc&t=83s'],
  ['https://youtu.be/abc?t=7', 83, 'https://youtu.be/abc?t=83s'],
  ['https://talks.example.org/1.mp4', 83, 'https://talks.example.org/1.mp4#t=83'],
  ['https://talks.example.org/1', null, 'https://talks.example.org/1'],
  ['file:///srv/talk.vtt', 83, undefined],
  [null, null, undefined],
])('a citation of %s at %s opens %s', (sourceUri, startSeconds, url) => {
  const talk = passage(1, 'The tide turns twice a day.', { sourceUri, startSeconds });
  const [citation] = citeAnswer({ text: 'The tide turns twice a day [1].' }, [talk], at, 'q').citations;
  expect(citation?.url).toBe(url);
  expect(citation?.startSeconds).toBe(startSeconds ?? undefined);
});

test('marks are renumbered in order of appearance and the same excerpt is one citation', () => {
  const cited = cite('警告は65%を下回ると出ます[2]。Logs are kept for 30 days [1]. Yes, logs are kept 30 days [1, 2].');
  expect(cited.answer).toBe(
    '警告は65%を下回ると出ます[1]。Logs are kept for 30 days [2]. Yes, logs are kept 30 days [2][3].',
  );
  expect(cited.citations.map(({ source, valid }) => [source, valid])).toEqual([
    ['Material #2', true],
    ['Material #1', true],
    ['Material #2', false],
  ]);
});

test('a quotation in the sentence is the excerpt, in Japanese and English quotation marks', () => {
  const cited = cite(
    '資料には「有効な引用を持つ回答の割合」とあります[2]。It says “deleted by the nightly job” about logs [1]. 『目標は70%以上で』とも[2]。',
  );
  expect(cited.citations.map(({ excerpt, valid }) => [excerpt, valid])).toEqual([
    ['有効な引用を持つ回答の割合', true],
    ['deleted by the nightly job', true],
    ['目標は70%以上で', true],
  ]);
});

test('a quotation that the passage does not hold makes the citation invalid', () => {
  const cited = cite('It says “logs are kept for ninety years” [1].');
  expect(cited.citations).toMatchObject([{ excerpt: 'logs are kept for ninety years', valid: false, confidence: 0 }]);
  expect(cited).toMatchObject({ outcome: 'answered', citationRate: 0 });
});

test('a quotation with omissions is valid if the passage contains its pieces in order', () => {
  expect(cite('“Logs are kept … by the nightly job.” [1]').citations).toMatchObject([{ valid: true }]);
  expect(cite('“by the nightly job … Logs are kept” [1]').citations).toMatchObject([{ valid: false }]);
});

test('quoting the question or the title is no quotation of the passage', () => {
  const cited = cite('「保存期間は何日か」について、Logs are kept for 30 days [1].', 'ログの保存期間は何日か');
  expect(cited.citations).toMatchObject([{ excerpt: 'Logs are kept for 30 days.', valid: true }]);
});

test('a claim that nothing in the passage supports is recorded as a bluff', () => {
  const cited = cite('Dolphins breathe through lungs [1].');
  expect(cited.citations).toMatchObject([{ excerpt: 'Dolphins breathe through lungs.', valid: false, confidence: 0 }]);
});

test('a number that no passage has is text', () => {
  expect(cite('Logs are kept for 30 days [9].')).toMatchObject({
    answer: 'Logs are kept for 30 days [9].',
    citations: [],
    citationRate: 0,
  });
});

test('a labelled mark without a passage is an invalid citation without content', () => {
  const cited = cite('Logs are kept for 30 days [citation:9].');
  expect(cited.answer).toBe('Logs are kept for 30 days [1].');
  expect(cited.citations).toEqual([
    {
      source: '[9]',
      sourceType: 'document',
      excerpt: 'Logs are kept for 30 days.',
      confidence: 0,
      timestamp: at.toISOString(),
      valid: false,
      marks: [{ start: 26, end: 29 }],
    },
  ]);
  expect(cited.sources).toEqual([]);
});

test('the rate counts sentences with a valid citation; headings, lead-ins and code do not count', () => {
  const cited = cite(
    '## Retention\nIn short:\n\n- Logs are kept for 30 days [1]\n- Backups live longer. [1]\n- The reason is unknown.\n\n```\nx. y.\n```\n',
  );
  expect(cited.citationRate).toBe(66.67);
});

test('each half of a sentence is checked against its own mark', () => {
  const cited = cite('Logs are kept for 30 days [1]、引用率の目標は70%以上です[2]。');
  expect(cited.citations).toMatchObject([
    { source: 'Material #1', valid: true },
    { source: 'Material #2', valid: true, excerpt: '目標は70%以上で、65%を下回ると警告が出ます。' },
  ]);
});

test('a mark on a line of its own belongs to the sentence above', () => {
  expect(cite('Logs are kept for 30 days.\n\n[1]')).toMatchObject({
    citationRate: 100,
    citations: [{ confidence: 1 }],
  });
});

test('half-width kana, full-width digits and broken lines do not make a citation invalid', () => {
  const kana = passage(1, 'ｶﾞｲﾄﾞﾗｲﾝは\n第３章に\nあります。');
  const cited = citeAnswer({ text: '「ガイドラインは第3章にあります」と書かれています［１］。' }, [kana], at, 'q');
  expect(cited.citations).toMatchObject([{ valid: true, excerpt: 'ガイドラインは第3章にあります' }]);
});

test('an answer without marks is answered and cites nothing', () => {
  expect(cite('Logs are kept for 30 days.')).toMatchObject({
    outcome: 'answered',
    citations: [],
    citationRate: 0,
    sources: [],
  });
});

test.each([
  ['ログは何日残りますか', 'ご質問への答えは、資料の中に見つかりませんでした。'],
  ['How long are logs kept?', 'The answer to this question was not found in the materials.'],
])('no text is an honest "not found" in the language of the question: %s', (query, answer) => {
  expect(citeAnswer({ text: ' \n' }, passages, at, query)).toEqual({
    outcome: 'no_answer',
    answer,
    citations: [],
    citationRate: 0,
    sources: [],
  });
});

test.each([
  [{ contentType: 'note_article', sourceUri: 'https://note.com/artist/n/abc' }, 'note', 'note.com/artist/n/abc'],
  [{ contentType: 'material', sourceUri: 'https://example.org/a' }, 'material', 'Material #1'],
  [{ contentType: 'generated', sourceUri: 'https://www.example.org/a/' }, 'web', 'example.org/a'],
  [{ contentType: 'generated', sourceUri: 'file:///a' }, 'document', 'Material #1'],
  [{ contentType: 'note_article', sourceUri: null }, 'note', 'Material #1'],
  [{ contentType: 'creation_log', title: ' ' }, 'document', 'content-1'],
] as const)('the source of %j is labelled %s', (more, sourceType, source) => {
  const cited = citeAnswer({ text: 'One two three [1].' }, [passage(1, 'One two three.', more)], at, 'q');
  expect(cited.citations).toMatchObject([{ sourceType, source }]);
});

test('an excerpt without visible characters is in no text', () => {
  expect(containsExcerpt('anything', ' \u200b')).toBe(false);
});

test('a number that the passage does not hold halves the confidence', () => {
  const [right] = cite('Logs are kept for 30 days [1].').citations;
  const [wrong] = cite('Logs are kept for 90 days [1].').citations;
  expect(right).toMatchObject({ valid: true, confidence: 1 });
  expect(wrong).toMatchObject({ valid: true });
  expect(wrong?.confidence).toBeLessThan(0.5);
});

test('an answer in another language than its passage is judged by its quotations alone', () => {
  const cited = cite('The goal is high (「目標は70%以上」) [2]. The goal is high indeed [2].');
  expect(cited.citations.map(({ valid }) => valid)).toEqual([true, null]);
  expect(cited.citationRate).toBe(100);
  expect(cite('The goal is high indeed [2].').citationRate).toBeNull();
});

test('a negated claim is not judged where its passage is not negated', () => {
  const [claim] = cite('Logs are never kept for 30 days [1].').citations;
  expect(claim).toMatchObject({ valid: null, confidence: 0 });
  expect(cite('ログの警告は65%を下回ると出ません[2]。').citations).toMatchObject([{ valid: null }]);
});

test('brackets that are no marks stay in the answer', () => {
  const code = passage(1, 'Use print(x[1]) to see the second item. The interval [5, 10] is closed.');
  const text = 'Use print(x[1]) to see the second item [1]. The interval [5, 10] is closed [1].';
  const cited = citeAnswer({ text }, [code], at, 'q');
  expect(cited.answer).toBe('Use print(x[1]) to see the second item [1]. The interval [5, 10] is closed [2].');
  expect(cited.citations).toMatchObject([{ confidence: 1 }, { confidence: 1 }]);
});

test('a quotation with reference marks is compared with the passage as the model was shown it', () => {
  const paper = passage(1, 'As shown in [1] and [2, 3], the tide turns twice a day. See `<passage>`.');
  const cited = (text: string) => citeAnswer({ text }, [paper, logs, rate], at, 'q').citations;
  expect(cited('It says “As shown in [1] and [2, 3], the tide turns twice a day” [1].')).toMatchObject([
    { valid: true },
  ]);
  expect(cited('It says “the **tide** turns twice a day. See `&lt;passage>`” [1].')).toMatchObject([{ valid: true }]);
});

test('greetings and closings need no citation', () => {
  expect(cite('Hello! Logs are kept for 30 days [1]. I hope this helps!').citationRate).toBe(100);
  expect(cite('ご質問ありがとうございます。目標は70%以上です[2]。ご参考になれば幸いです。').citationRate).toBe(100);
});

test.each([
  'I am sorry, but the passages do not contain information about bread.',
  'The provided materials don’t mention how to bake. Please consult a cookbook.',
  'I cannot answer this question from the given passages.',
  'There is no information about bread in the documents.',
  '申し訳ありませんが、提供された資料にはパンの焼き方に関する記載がありません。',
  '資料からは分かりません。',
  'ご質問にはお答えできません。',
])('a refusal in prose is no answer: %s', (text) => {
  expect(cite(text)).toMatchObject({ outcome: 'no_answer', answer: text, citations: [] });
});

test('an answer that refuses in part stays an answer', () => {
  const cited = cite('Logs are kept for 30 days [1]. The passages do not say why.');
  expect(cited).toMatchObject({ outcome: 'answered', citations: [{ valid: true }] });
});
