import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Block } from './block.ts';
import { cleanText } from './fold-space.ts';
import { passageSize, sizeOf } from './passage-size.ts';
import { splitPassages } from './split-passages.ts';

const paragraph = (text: string, page: number | null = null): Block => ({ kind: 'paragraph', text, page });
const heading = (level: number, text: string): Block => ({ kind: 'heading', level, text });
const english = 'The error budget is what the objective allows to fail. ';
const japanese = '引用とは、回答の根拠となる資料を指し示すものです。';

const words = fc.oneof(
  fc.lorem({ maxCount: 300 }),
  fc
    .array(fc.constantFrom('資料を検索します。', '引用', '「', 'ﾃｽﾄ', '。', 'e\u0301', '👩‍🏫', '  ', '\n'), {
      maxLength: 400,
    })
    .map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.nat(5000).map((length) => 'x'.repeat(length)),
);
const blocks = fc.array(
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('heading' as const),
        level: fc.integer({ min: 1, max: 6 }),
        text: words,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('paragraph' as const, 'item' as const, 'pre' as const),
        text: words,
        page: fc.constant(null),
      }),
    },
  ),
  { maxLength: 30 },
);
const letters = (text: string) => cleanText(text).replace(/\s/gu, '');

test('text is neither lost nor added, apart from white space', () => {
  fc.assert(
    fc.property(blocks, (all) => {
      const marked = all.map((block, at) => (block.kind === 'heading' ? { ...block, text: `⟦${at}⟧` } : block));
      const passages = splitPassages('Title', marked);
      const read = passages.map(({ text }) => letters(text)).join('');
      const paragraphs = all.flatMap((block) => (block.kind === 'heading' ? [] : [letters(block.text)]));
      expect(read.replace(/⟦\d+⟧/g, '')).toBe(paragraphs.join(''));
      const headingsRead = passages.map(({ heading, text }) => heading + text).join();
      for (const block of marked) if (block.kind === 'heading') expect(headingsRead).toContain(block.text);
    }),
    { numRuns: 150 },
  );
});

test('passages have a quotable size, are in order and well formed', () => {
  fc.assert(
    fc.property(blocks, (all) => {
      let paragraphIndex = 0;
      for (const [position, passage] of splitPassages('Title', all).entries()) {
        expect(passage.position).toBe(position);
        expect(passage.paragraphIndex).toBeGreaterThanOrEqual(paragraphIndex);
        paragraphIndex = passage.paragraphIndex;
        expect(sizeOf(passage.text)).toBeLessThanOrEqual(passageSize.limit + 60); // line breaks between its paragraphs
        expect(passage.text.isWellFormed()).toBe(true);
        expect(passage.text).not.toContain('\u0000');
        expect(passage.text.trim()).not.toBe('');
      }
    }),
    { numRuns: 150 },
  );
});

test('paragraphs of a section are packed, and a heading of the same level starts a new passage', () => {
  const passages = splitPassages('Title', [
    heading(1, 'Budgets'),
    paragraph(english.repeat(4)),
    paragraph(english.repeat(4)),
    heading(2, 'Alerts'),
    paragraph(english.repeat(5)),
    heading(2, 'Windows'),
    paragraph(english.repeat(5)),
  ]);
  expect(passages.map(({ heading, paragraphIndex }) => [heading, paragraphIndex])).toEqual([
    ['Budgets', 0],
    ['Budgets › Alerts', 2],
    ['Budgets › Windows', 3],
  ]);
});

test('a Japanese passage holds about half as many characters as an English one', () => {
  const [first] = splitPassages('題', [paragraph(japanese.repeat(40))]);
  expect(first?.text.length).toBeGreaterThan(150);
  expect(first?.text.length).toBeLessThanOrEqual(400);
  expect(first?.text.endsWith('。')).toBe(true);
});

test('a long paragraph is cut at the ends of its sentences', () => {
  const passages = splitPassages('Title', [paragraph(english.repeat(50).trim())]);
  expect(passages.length).toBeGreaterThan(3);
  for (const { text, paragraphIndex } of passages) {
    expect(text.endsWith('fail.')).toBe(true);
    expect(paragraphIndex).toBe(0);
  }
});

test('a line between a heading and its first subheading joins the subsection', () => {
  const passages = splitPassages('Title', [
    heading(1, 'A'),
    paragraph('See below.'),
    heading(2, 'B'),
    paragraph(english.repeat(6)),
  ]);
  expect(passages).toHaveLength(1);
  expect(passages[0]).toMatchObject({ heading: 'A › B', text: expect.stringContaining('See below.\n\nThe error') });
});

test('a passage begins on its page number', () => {
  const passages = splitPassages('Title', [paragraph(english.repeat(4), 3), paragraph(english.repeat(4), 7)]);
  expect(passages.map(({ pageNumber }) => pageNumber)).toEqual([3, 7]);
});

test('headings without text under them become lines', () => {
  const passages = splitPassages('Title', [heading(1, 'Slides'), heading(2, 'First'), heading(2, 'Second')]);
  expect(passages).toMatchObject([{ heading: 'Slides', text: 'First\nSecond' }]);
});

test('a paragraph of a hundred thousand characters is split quickly', () => {
  const passages = splitPassages('Title', [paragraph('あ'.repeat(100_000)), paragraph('word '.repeat(20_000))]);
  expect(passages.length).toBeGreaterThan(300);
});

test('a question stays with its answer', () => {
  const filler = 'The harbour office answers questions about the ferries. '.repeat(10);
  const blocks = [filler, 'Q: Where is lost property kept?', `A: At pier two. ${filler}`].map((text) => ({
    kind: 'paragraph' as const,
    text,
    page: null,
  }));
  const passages = splitPassages('t', blocks);
  expect(passages.find(({ text }) => text.includes('lost property'))?.text).toContain('A: At pier two.');
});

test('an empty heading ends the section above it', () => {
  const blocks = [
    { kind: 'heading' as const, level: 1, text: 'Budget' },
    { kind: 'paragraph' as const, text: 'The club has 40,000 yen.', page: 1 },
    { kind: 'heading' as const, level: 1, text: '' },
    {
      kind: 'paragraph' as const,
      text: 'A new sail is bought in April, if the members agree in their meeting at the slipway of the northern pier.',
      page: 2,
    },
  ];
  expect(splitPassages('t', blocks).map(({ heading }) => heading)).toEqual(['Budget', '']);
});
