import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type PdfText, pdf } from '../../../../test/kit/files/pdf-files.ts';
import { readByFormat } from '../read-by-format.ts';
import { readPdf } from './read-pdf.ts';

const page = (number: number, lines: readonly PdfText[]): readonly PdfText[] => [
  ['The Observatory Handbook', 60, 800],
  ...lines,
  [`Page ${number} of 3`, 280, 40],
];
const handbook = pdf(
  [
    page(1, [
      ['Error budgets', 60, 740, 18],
      ['An error budget is the amount of failure that an objective allows, and it is meas-', 60, 700],
      ['ured over thirty days. Long-term trends are read from the burn rate, which is a well-', 60, 688],
      ['known quantity.', 60, 676],
      ['A second paragraph begins after a gap, and it is a well-known fact that it goes on over the', 60, 650],
    ]),
    page(2, [
      ['end of its page without a break.', 60, 740],
      ['Alerts', 60, 700, 18],
      ['An alert pages a person. It names what to do and where to look, or it should not have been sent.', 60, 670],
    ]),
    page(3, [
      ['The last page holds one more paragraph that is long enough to differ from a running line of a book.', 60, 740],
    ]),
  ],
  '/Title(Handbook)',
);

test('paragraphs are rebuilt from lines, hyphenated words joined, running headers and footers left out', async () => {
  const { title, blocks } = await readPdf(handbook);
  expect(title).toBe('Handbook');
  expect(blocks).toEqual([
    { kind: 'heading', level: 1, text: 'Error budgets' },
    {
      kind: 'paragraph',
      page: 1,
      text:
        'An error budget is the amount of failure that an objective allows, and it is measured over thirty days. ' +
        'Long-term trends are read from the burn rate, which is a well-known quantity.',
    },
    {
      kind: 'paragraph',
      page: 1,
      text:
        'A second paragraph begins after a gap, and it is a well-known fact that it goes on over the ' +
        'end of its page without a break.',
    },
    { kind: 'heading', level: 1, text: 'Alerts' },
    {
      kind: 'paragraph',
      page: 2,
      text: 'An alert pages a person. It names what to do and where to look, or it should not have been sent.',
    },
    {
      kind: 'paragraph',
      page: 3,
      text: 'The last page holds one more paragraph that is long enough to differ from a running line of a book.',
    },
  ]);
});

test('lines that differ by their numbers are content; page numbers and literal repetitions are left out', async () => {
  const sheet = (number: number): readonly PdfText[] => [
    ['Harbour office', 60, 800],
    [`Inspection sheet ${number}`, 60, 780, 16],
    [`The crane number ${number} may lift ${number * 150} kilograms.`, 60, 750],
    [`Checked in ${1990 + number} by the harbour master, who signs here.`, 60, 738],
    [`Page ${number} of 4`, 280, 40],
  ];
  const { blocks } = await readPdf(pdf([1, 2, 3, 4].map(sheet)));
  const texts = blocks.map(({ text }) => text).join('\n');
  for (const number of [1, 2, 3, 4]) {
    expect(texts).toContain(
      `Inspection sheet ${number}\nThe crane number ${number} may lift ${number * 150} kilograms.`,
    );
    expect(texts).toContain(`Checked in ${1990 + number} by`);
  }
  expect(texts).not.toContain('Harbour office');
  expect(texts).not.toMatch(/Page \d/);
});

test('a sentence belongs to the page on which it begins', async () => {
  const { blocks } = await readPdf(
    pdf([
      [['This paragraph of a book goes on over the end of its page, as version 1.5 of the', 60, 60]],
      [
        ['manual says. Here begins a sentence that a reader finds on the second page. It is not', 60, 740],
        ['alone there.', 60, 728],
      ],
    ]),
  );
  expect(blocks).toEqual([
    {
      kind: 'paragraph',
      page: 1,
      text: 'This paragraph of a book goes on over the end of its page, as version 1.5 of the manual says.',
    },
    {
      kind: 'paragraph',
      page: 2,
      text: 'Here begins a sentence that a reader finds on the second page. It is not alone there.',
    },
  ]);
});

test('a Japanese PDF is read with its pages, its lines joined without spaces', async () => {
  const { blocks } = await readPdf(readFileSync(new URL('../../../../samples/study-tips.ja.pdf', import.meta.url)));
  expect(blocks).toContainEqual({
    kind: 'paragraph',
    page: 1,
    text:
      '間隔反復とは、同じ内容を、間隔を少しずつ広げながら何度も復習する勉強法です。たとえば、一日後、三日後、一週間後、一か月後に' +
      '復習します。試験の前の晩に一度だけ長く復習するよりも、短い復習を四回に分けるほうがよく覚えられます。',
  });
  expect(blocks.at(-1)).toMatchObject({ page: 2, text: expect.stringContaining('眠るのが最もよい方法です。') });
});

test('a row of a table is one line, and a list with leaders is text', async () => {
  const { blocks } = await readPdf(
    pdf([
      [
        ['Espresso . . . . . . . . . . . . . . . . . 350', 60, 740],
        ['Cappuccino . . . . . . . . . . . . . . . 480', 60, 726],
        ['latency', 60, 700],
        ['3 seconds', 260, 700],
        ['cost', 60, 676],
        ['3 yen', 260, 676],
      ],
    ]),
  );
  expect(blocks.map(({ text }) => text)).toEqual([
    'Espresso … 350',
    'Cappuccino … 480',
    'latency | 3 seconds',
    'cost | 3 yen',
  ]);
});

test('the table of contents of a book is left out and counted', async () => {
  const chapters = ['Tides', 'Winds', 'Currents', 'Clouds', 'Lights', 'Buoys'];
  const contents = chapters.map(
    (name, at): PdfText => [`${at + 1} ${name} . . . . . . . . . . ${at + 2}`, 60, 740 - at * 14],
  );
  const text = chapters.map((name): PdfText[] => [
    [`The chapter about ${name.toLowerCase()} says what a sailor sees.`, 60, 740],
  ]);
  const { blocks, leftOut } = await readPdf(pdf([contents, ...text]));
  expect(blocks).toHaveLength(6);
  expect(leftOut).toEqual([{ kind: 'table of contents', count: 6, pages: [1] }]);
});

test('a truncated PDF is refused as damaged', async () => {
  const bytes = readFileSync(new URL('../../../../samples/study-tips.ja.pdf', import.meta.url));
  await expect(readPdf(bytes.subarray(0, bytes.length / 3))).rejects.toThrow(/damaged or truncated/);
  await expect(readPdf(Buffer.from('no PDF at all'))).rejects.toThrow(/damaged or truncated/);
  await expect(readPdf(new Uint8Array())).rejects.toThrow(/damaged or truncated/);
});

test('a PDF of pictures asks for OCR', async () => {
  await expect(readByFormat({ format: 'pdf', bytes: pdf([[], []]) })).rejects.toThrow(/OCR/);
});

test('an encrypted PDF asks for a copy without a password', async () => {
  await expect(readPdf(readFileSync(new URL('encrypted.test.pdf', import.meta.url)))).rejects.toThrow(/encrypted/);
});
