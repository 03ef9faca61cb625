/** Captions as people and machines write them → paragraphs with their times. */
import { expect, test } from 'vitest';
import { splitPassages } from '../../text/split-passages.ts';
import { readSrt, readVtt } from './read-captions.ts';

const time = (seconds: number) => new Date(Math.round(seconds * 1_000)).toISOString().slice(11, 23);
const vtt = (...captions: [start: number, end: number, text: string][]) =>
  `WEBVTT\nKind: captions\nLanguage: en\n\n${captions
    .map(([start, end, text]) => `${time(start)} --> ${time(end)} align:start position:0%\n${text}\n`)
    .join('\n')}`;
const read = (text: string) =>
  readVtt(text).blocks.map((block) => (block.kind === 'heading' ? [] : [block.second, block.text]));

test('sentences that captions cut are joined, without markup, notes and sounds', () => {
  const captions = vtt(
    [83.4, 85, '<v Ann>The tide &amp; the <i>moon</i>'],
    [85, 86, '[Music]'],
    [86, 88, '>> pull the sea.\nTwice a day'],
    [88, 90, 'it turns.'],
  );
  expect(
    read(captions.replace('Language: en\n', 'Language: en\n\nNOTE by hand\n\nSTYLE\n::cue { color: red }\n')),
  ).toEqual([[83, 'Ann: The tide & the moon pull the sea. Twice a day it turns.']]);
});

test('rolling captions of a machine are read once', () => {
  const rolling = vtt(
    [0.16, 2.389, ' \nthe<00:00:00.480><c> tide</c><00:00:00.800><c> rises</c>'],
    [2.389, 2.399, 'the tide rises\n '],
    [2.399, 4.949, 'the tide rises\ntwice<00:00:03.000><c> a</c><00:00:03.200><c> day</c>'],
    [4.949, 4.959, 'twice a day\n '],
    [4.959, 7.1, 'twice a day\nand it falls'],
    [7.1, 8, 'and it falls as often'],
  );
  expect(read(rolling)).toEqual([[0, 'the tide rises twice a day and it falls as often']]);
});

test('words that are said twice, after a gap or as part of another word, are kept', () => {
  expect(read(vtt([1, 2, 'No.'], [3, 4, 'No.'], [4, 5, 'None know the tide.']))).toEqual([
    [1, 'No. No. None know the tide.'],
  ]);
});

test('Japanese sentences are joined without spaces, and captions without full stops are separate lines', () => {
  expect(read(vtt([7, 8, '潮は月に'], [8, 9, '引かれて満ちます。'], [9, 11, '一日に二度']))).toEqual([
    [7, '潮は月に引かれて満ちます。一日に二度'],
  ]);
  expect(read(vtt([7, 8, '潮は月に引かれます'], [8, 9, '一日に二度満ちます']))).toEqual([
    [7, '潮は月に引かれます\n一日に二度満ちます'],
  ]);
});

test('a long talk becomes passages of whole sentences with their start times', () => {
  const sentence = (at: number) => [`Sentence number ${at} says`, `of the tide and the moon and the sea of day ${at}.`];
  const captions = Array.from({ length: 60 }, (_, at) => sentence(at).map((text, half) => [at * 7 + half * 3, text]));
  const file = vtt(
    ...captions
      .flat()
      .map(([start, text]) => [Number(start), Number(start) + 3, String(text)] as [number, number, string]),
  );
  const passages = splitPassages('A talk', readVtt(file).blocks);
  expect(passages.length).toBeGreaterThan(5);
  for (const { text, startSeconds } of passages) {
    expect(text).toMatch(/^Sentence number \d+ says[\s\S]*day \d+\.$/);
    expect(startSeconds).toBe(Number(/\d+/.exec(text)?.[0]) * 7);
  }
});

test('a talk without full stops is cut between captions, and a long silence ends a passage', () => {
  const words = Array.from(
    { length: 100 },
    (_, at) => [at * 2, at * 2 + 2, `word ${at} and some more of them`] as [number, number, string],
  );
  const long = splitPassages('A talk', readVtt(vtt(...words)).blocks);
  expect(long.length).toBeGreaterThan(3);
  for (const { text, startSeconds } of long) expect(startSeconds).toBe(2 * Number(/^word (\d+)/.exec(text)?.[1]));
  const parted = words
    .slice(0, 21)
    .map(
      ([start, end, text], at) =>
        [at < 13 ? start : start + 5, at < 13 ? end : end + 5, text] as [number, number, string],
    );
  expect(read(vtt(...parted)).map(([second]) => second)).toEqual([0, 31]);
});

test('SubRip files with Windows line ends are read', () => {
  const srt =
    '1\r\n00:01:23,456 --> 00:01:25,000\r\nThe tide\r\nturns.\r\n\r\n2\r\n01:00:00,000 --> 01:00:01,000\r\nTwice.\r\n';
  const { blocks } = readSrt(srt);
  expect(blocks).toEqual([{ kind: 'paragraph', page: null, second: 83, text: 'The tide turns. Twice.' }]);
});

test.each([
  ['a page', '<html>Sign in</html>', 'its first line is not WEBVTT'],
  ['times that are none', 'WEBVTT\n\n0 --> soon\nThe tide\n', 'no caption that can be read'],
])('%s is refused with a reason', (_, text, reason) => {
  expect(() => readVtt(text)).toThrow(reason);
});

test('a file without captions is empty, and broken captions do not affect the others', () => {
  expect(read('WEBVTT\n')).toEqual([]);
  expect(read(`${vtt([5, 6, 'The tide turns.'])}\n\n00:09 --> nowhere\nlost`)).toEqual([[5, 'The tide turns.']]);
});

test.each([['<'.repeat(300_000)], ['"'.repeat(300_000)], ['a '.repeat(300_000)], ['潮'.repeat(300_000)]])(
  'a caption of hundreds of kilobytes is read at once (%#)',
  (text) => {
    const start = performance.now();
    readVtt(vtt([1, 2, text], [2, 3, text]));
    expect(performance.now() - start).toBeLessThan(3_000);
  },
);

test('speakers are named where they change', () => {
  const { blocks } = readVtt(
    'WEBVTT\n\n00:01.000 --> 00:03.000\n<v Mori>When does the ferry leave?\n\n00:03.000 --> 00:05.000\n<v Sato>At ten.</v>\n\n00:05.000 --> 00:07.000\n<v Sato>From pier two.',
  );
  expect(blocks.map(({ text }) => text)).toEqual(['Mori: When does the ferry leave?', 'Sato: At ten. From pier two.']);
});
