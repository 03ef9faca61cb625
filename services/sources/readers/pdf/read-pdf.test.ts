import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPdf } from './read-pdf.ts';

type Text = readonly [text: string, x: number, y: number, size?: number];

/** A PDF of nothing but Helvetica at given places, in points from the lower left corner. */
function pdf(pages: readonly (readonly Text[])[], info = ''): Uint8Array {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '',
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    `<<${info}>>`,
  ];
  const kids = pages.map((texts) => {
    const drawn = texts.map(([text, x, y, size = 10]) => `BT /F ${size} Tf ${x} ${y} Td (${text}) Tj ET`).join('\n');
    objects.push(`<</Length ${drawn.length}>>stream\n${drawn}\nendstream`);
    const fonts = `/Resources<</Font<</F 3 0 R>>>>`;
    objects.push(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]${fonts}/Contents ${objects.length} 0 R>>`);
    return `${objects.length} 0 R`;
  });
  objects[1] = `<</Type/Pages/Kids[${kids.join(' ')}]/Count ${kids.length}>>`;
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const trailer = `trailer <</Size ${size}/Root 1 0 R/Info 4 0 R>>\nstartxref\n${file.length}\n%%EOF`;
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}${trailer}`, 'latin1');
}

const page = (number: number, lines: readonly Text[]): readonly Text[] => [
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
      ['The last page holds one more paragraph that is long enough to be told from a running line of a book.', 60, 740],
    ]),
  ],
  '/Title(Handbook)',
);

test('paragraphs are rebuilt from lines, words joined over line ends, running headers and footers dropped', async () => {
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
      text: 'The last page holds one more paragraph that is long enough to be told from a running line of a book.',
    },
  ]);
});

test('what is alike on the pages of a form but for its numbers is content; only page numbers and what repeats word for word goes', async () => {
  const sheet = (number: number): readonly Text[] => [
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

test('sentences that begin overleaf are of the next page, a sentence that runs over is of its first', async () => {
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

test('a table of contents is left out, a row of a table is one line', async () => {
  const { blocks } = await readPdf(
    pdf([
      [
        ['1 Budgets . . . . . . . . . . . . . . . . . 3', 60, 740],
        ['latency', 60, 700],
        ['3 seconds', 260, 700],
        ['cost', 60, 676],
        ['3 yen', 260, 676],
      ],
    ]),
  );
  expect(blocks.map(({ text }) => text)).toEqual(['latency | 3 seconds', 'cost | 3 yen']);
});

test('a PDF that was cut off is refused as damaged', async () => {
  const bytes = readFileSync(new URL('../../../../samples/study-tips.ja.pdf', import.meta.url));
  await expect(readPdf(bytes.subarray(0, bytes.length / 3))).rejects.toThrow(/damaged or truncated/);
  await expect(readPdf(Buffer.from('no PDF at all'))).rejects.toThrow(/damaged or truncated/);
  await expect(readPdf(new Uint8Array())).rejects.toThrow(/damaged or truncated/);
});

test('a PDF of pictures asks for OCR', async () => {
  await expect(readPdf(pdf([[], []]))).rejects.toThrow(/OCR/);
});

test('an encrypted PDF asks for a copy without a password', async () => {
  await expect(readPdf(readFileSync(new URL('encrypted.test.pdf', import.meta.url)))).rejects.toThrow(/encrypted/);
});
