import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findMarks } from './marks.ts';
import { splitLines, splitSentences } from './sentences.ts';

const sentences = (text: string) => splitSentences(text, findMarks(text, { count: 12, texts: [] }));
const split = (text: string) => sentences(text).map(({ start, end }) => text.slice(start, end));
const kinds = (text: string) => sentences(text).map(({ kind }) => kind);

test.each([
  ['彼は「行く。すぐに。」と言った。雨が降った。', ['彼は「行く。すぐに。」と言った。', '雨が降った。']],
  ['「わかった。」彼は頷いた。', ['「わかった。」', '彼は頷いた。']],
  ['本当か（私は疑う。）。終わり！', ['本当か（私は疑う。）。', '終わり！']],
  ['「閉じない括弧。次の文。', ['「閉じない括弧。', '次の文。']],
  ['率は０．１％です．次です．', ['率は０．１％です．', '次です．']],
  ['値は3.5円。Node.js 24.1です。', ['値は3.5円。', 'Node.js 24.1です。']],
])('Japanese is split at its full stops, not inside quotes: %s', (text, expected) => {
  expect(split(text)).toEqual(expected);
});

test.each([
  ['It is 3.14, e.g. pi. It costs $2.50.', ['It is 3.14, e.g. pi.', 'It costs $2.50.']],
  ['See Fig. 3 and No. 7. Dr. Smith agreed.', ['See Fig. 3 and No. 7.', 'Dr. Smith agreed.']],
  ['U.S. law applies (cf. Sec. 2). Done!', ['U.S. law applies (cf. Sec. 2).', 'Done!']],
  ['"Really?" he asked. "Yes." She left.', ['"Really?" he asked.', '"Yes."', 'She left.']],
  ['Read www.example.org first... then go. Now.', ['Read www.example.org first... then go.', 'Now.']],
  ['A soft\nwrapped one. Another\none.', ['A soft\nwrapped one.', 'Another\none.']],
])('English is split at its full stops, not at abbreviations and decimals: %s', (text, expected) => {
  expect(split(text)).toEqual(expected);
});

test.each([
  ['Kept 30 days. [1] Then deleted.[2] Done [3].', ['Kept 30 days. [1]', 'Then deleted.[2]', 'Done [3].']],
  ['一です。[1]二です[2]。三です。［３］[4]', ['一です。[1]', '二です[2]。', '三です。［３］[4]']],
  ['So says one [3]. [4] says so too.', ['So says one [3].', '[4] says so too.']],
])('a mark behind the full stop belongs to the sentence before it: %s', (text, expected) => {
  expect(split(text)).toEqual(expected);
});

test('list items and table rows are sentences; headings, lead-ins and code have their own kind', () => {
  const text =
    '# Title\nSteps:\n\n- one\n- two. Three.\n\n**Bold line**\n| a | b |\n|---|---|\n| 1 | 2 |\n```\nx. y.\n```\nEnd.';
  expect(split(text)).toEqual([
    'Title',
    'Steps:',
    'one',
    'two.',
    'Three.',
    '**Bold line**',
    '| a | b |',
    '| 1 | 2 |',
    '```\nx. y.\n```',
    'End.',
  ]);
  expect(kinds(text)).toEqual([
    'heading',
    'lead',
    'sentence',
    'sentence',
    'sentence',
    'heading',
    'heading',
    'sentence',
    'code',
    'sentence',
  ]);
});

test('a numbered list is not split behind its numbers', () => {
  expect(split('1. First thing.\n2) Second\n(3) Third\n① 四つ目です。')).toEqual([
    'First thing.',
    'Second',
    'Third',
    '四つ目です。',
  ]);
});

test('a text of nothing but space has no sentences', () => {
  expect(split(' \n\n\t　')).toEqual([]);
});

test('each line of a passage is an item of its own', () => {
  const text = 'Three ways:\n- with apt\n# by hand. Slowly.\n② 自分で';
  expect(splitLines(text).map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
    ['lead', 'Three ways:'],
    ['sentence', 'with apt'],
    ['sentence', '# by hand.'],
    ['sentence', 'Slowly.'],
    ['sentence', '自分で'],
  ]);
});

test('no letter of a text is lost or repeated', () => {
  const scrap = fc.constantFrom(
    'a',
    'B',
    '一',
    'か',
    '。',
    '.',
    '!',
    '「',
    '」',
    '（',
    '）',
    ' ',
    '\n',
    '\n\n',
    '- ',
    '# ',
    '```',
    '|',
    '---',
    '[1]',
    '…',
    ':',
  );
  const letters = (text: string) => text.match(/[\p{L}]/gu)?.join('') ?? '';
  fc.assert(
    fc.property(
      fc.array(scrap, { maxLength: 40 }).map((scraps) => scraps.join('')),
      (text) => {
        expect(letters(split(text).join(''))).toBe(letters(text));
        expect(
          letters(
            splitLines(text)
              .map(({ start, end }) => text.slice(start, end))
              .join(''),
          ),
        ).toBe(letters(text));
      },
    ),
    { numRuns: 1000 },
  );
});
