import { expect, test } from 'vitest';
import { retrievedPassage as passage } from '../../../test/kit/data/retrieved-passage.ts';
import { citeAnswer } from './cite.ts';
import { excerptStands } from './excerpt.ts';

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

test('a citation tells its source, page, paragraph, time and the words that support the claim', () => {
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

test('a quotation with words left out stands if its pieces do, in order', () => {
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

test('a mark that points at no passage is an invalid citation without content', () => {
  const cited = cite('Logs are kept for 30 days [9].');
  expect(cited.answer).toBe('Logs are kept for 30 days [1].');
  expect(cited.citations).toEqual([
    {
      source: '[9]',
      sourceType: 'document',
      excerpt: 'Logs are kept for 30 days.',
      confidence: 0,
      timestamp: at.toISOString(),
      valid: false,
    },
  ]);
  expect(cited.sources).toEqual([]);
});

test('the rate counts sentences with a valid citation; headings, lead-ins and code do not count', () => {
  const cited = cite(
    '## Retention\nIn short:\n\n- Logs are kept for 30 days [1]\n- Backups live longer. [1]\n- Nobody knows why.\n\n```\nx. y.\n```\n',
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
] as const)('the source of %j is told as %s', (more, sourceType, source) => {
  const cited = citeAnswer({ text: 'One two three [1].' }, [passage(1, 'One two three.', more)], at, 'q');
  expect(cited.citations).toMatchObject([{ sourceType, source }]);
});

test('an excerpt never stands by having no letters in it', () => {
  expect(excerptStands(' \u200b', 'anything')).toBe(false);
});

test('a number that the passage does not hold halves the confidence', () => {
  const [right] = cite('Logs are kept for 30 days [1].').citations;
  const [wrong] = cite('Logs are kept for 90 days [1].').citations;
  expect(right).toMatchObject({ valid: true, confidence: 1 });
  expect(wrong).toMatchObject({ valid: true });
  expect(wrong?.confidence).toBeLessThan(0.5);
});

test('an answer in another language than its passage is held to the words it quotes', () => {
  const cited = cite('The goal is high (「目標は70%以上」) [2]. The goal is high indeed [2].');
  expect(cited.citations.map(({ valid }) => valid)).toEqual([true, false]);
});
