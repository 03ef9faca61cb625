/** PDFs made for the regression test of the readers: each shows one kind of layout that readers got wrong. */
import { type PdfText, pdf } from '../kit/files/pdf-files.ts';
import type { MadeInput } from './measure.ts';

const rows = (columns: readonly (readonly string[])[], x: readonly number[], size = 10): readonly PdfText[] => {
  const longest = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: longest }, (_, row) =>
    columns.flatMap((lines, at): PdfText[] => {
      const line = lines[row];
      const font = /[ぁ-ん]/.test(columns[0]?.[0] ?? '') ? 'J' : 'F';
      return line === undefined ? [] : [[line, x[at] ?? 0, 700 - row * (size * 1.4), size, font]];
    }),
  ).flat();
};

const committee = [
  [
    'the committee of the harbour read',
    'the report of the year and found',
    'that the dredging of the channel',
    'costs four million yen a metre',
    'and a half in the winter months',
  ],
  [
    'ferries leave from the south pier',
    'at every full hour and the last of',
    'them waits for the evening train',
    'that comes from the city at eleven',
    'on weekdays and on holidays too',
  ],
];
const narrow = [
  [
    'the pilot answers on',
    'channel twelve by day',
    'and by night when the',
    'captain of a ship that',
    'comes in asks for him',
  ],
  [
    'boats longer than ten',
    'metres need a permit of',
    'the office that is good',
    'until the end of the',
    'year it was given in',
  ],
  [
    'ice is sold at the pier',
    'from six o clock on and',
    'it costs as much as the',
    'sheet beside the scales',
    'says on the day of sale',
  ],
];
const japanese = [
  [
    '港の規則では、夜間に入港する',
    '船は灯火を二つ掲げ、係留の前',
    'に無線で管理事務所に連絡しな',
    'ければならないと定められてい',
    'ます。',
  ],
  [
    '釣りは北側の防波堤でだけ許さ',
    'れており、台風の警報が出てい',
    'るあいだは立ち入ることができ',
    'ません。違反には罰金が科され',
    'ます。',
  ],
];

const letter = (number: number): readonly PdfText[] => [
  ['Contract number 7741-B', 60, 780],
  ['Notice period three months', 60, 766],
  [`The tenant of boathouse ${number} keeps the winch greased and the slipway free.`, 60, 700],
  ['Place of jurisdiction is Hiroshima', 60, 60],
];
const book = (number: number): readonly PdfText[] => [
  ['Handbook of the harbour', 60, 800, 9],
  [`Lesson ${number}`, 60, 740],
  [`The class learns knot number ${number} and how it holds when the rope is wet.`, 60, 700],
  [`${number}`, 290, 40, 9],
];
const vertical = ['図書室は九時に開き、本は一人', '五冊まで借りることができます。', '雑誌は貸し出しません。'];
const stacked = (text: string, x: number): readonly PdfText[] =>
  [...text].map((sign, at): PdfText => [sign, x, 760 - at * 12, 12, 'J']);

export const madePdfs: readonly MadeInput[] = [
  {
    name: 'columns drawn row by row',
    format: 'pdf',
    bytes: pdf([rows(committee, [60, 300])]),
    texts: committee.map((each) => each.join(' ')),
  },
  {
    name: 'narrow columns drawn row by row',
    format: 'pdf',
    bytes: pdf([rows(narrow, [50, 215, 380])]),
    texts: narrow.map((each) => each.join(' ')),
  },
  {
    name: 'Japanese columns drawn row by row',
    format: 'pdf',
    bytes: pdf([rows(japanese, [60, 300], 12)]),
    texts: japanese.map((each) => each.join('')),
  },
  {
    name: 'a table whose cells wrap',
    format: 'pdf',
    bytes: pdf([
      [
        ['Pier', 60, 740],
        ['Open to', 180, 740],
        ['Remarks', 360, 740],
        ['North', 60, 720],
        ['Ferries and pilot', 180, 720],
        ['boats of the city', 180, 708],
        ['Closed in strong', 360, 720],
        ['wind', 360, 708],
        ['South', 60, 688],
        ['Fishing boats', 180, 688],
        ['Ice is sold from six', 360, 688],
        ['in the morning', 360, 676],
      ],
    ]),
    texts: [
      'North | Ferries and pilot boats of the city | Closed in strong wind',
      'South | Fishing boats | Ice is sold from six in the morning',
    ],
  },
  {
    name: 'a list with leaders',
    format: 'pdf',
    bytes: pdf([
      [
        ['Espresso . . . . . . . . . . . 350', 60, 700],
        ['Fish soup . . . . . . . . . . 780', 60, 686],
        ['Total in yen .......... 1130', 60, 672],
      ],
    ]),
    texts: ['Espresso … 350', 'Fish soup … 780', 'Total in yen … 1130'],
  },
  {
    name: 'a letter of two pages',
    format: 'pdf',
    bytes: pdf([letter(1), letter(2)]),
    texts: [1, 2].flatMap((at) => letter(at).map(([text]) => text)),
  },
  {
    name: 'lessons with page numbers',
    format: 'pdf',
    bytes: pdf([1, 2, 3, 4, 5].map(book)),
    texts: [1, 2, 3, 4, 5].flatMap((at) =>
      book(at)
        .slice(1, 3)
        .map(([text]) => text),
    ),
    absent: ['Handbook of the harbour'],
    leftOut: { 'page furniture': 10 },
  },
  {
    name: 'numbers as first and last lines',
    format: 'pdf',
    bytes: pdf([
      [
        ['2031', 60, 780],
        ['The permit ends in the year above.', 60, 700],
        ['860', 60, 60],
      ],
    ]),
    texts: ['2031', 'The permit ends', '860'],
  },
  {
    name: 'exponents and indices',
    format: 'pdf',
    bytes: pdf([
      [
        ['45 m', 60, 700],
        ['2', 81, 704, 6],
        [' and 3.2 x 10', 86, 700],
        ['5', 143, 704, 6],
        [' Pa of H', 148, 700],
        ['2', 184, 697, 6],
        ['O', 188, 700],
      ],
    ]),
    texts: ['45 m² and 3.2 x 10⁵ Pa of H₂O'],
  },
  {
    name: 'rotated pages and text at right angles',
    format: 'pdf',
    bytes: pdf([
      { texts: [['The key hangs behind the door.', 60, 700]], rotate: 90 },
      { texts: [['Valve seven stays shut.', 60, 700]], rotate: 180 },
      {
        texts: [['The crane of the yard is upright.', 60, 700]],
        drawn: 'BT /F 9 Tf 0 1 -1 0 30 300 Tm (Form 27 of the office) Tj ET',
      },
    ]),
    texts: [
      'The key hangs behind the door.',
      'Valve seven stays shut.',
      'The crane of the yard is upright.',
      'Form 27 of the office',
    ],
  },
  {
    name: 'pages without text among others',
    format: 'pdf',
    bytes: pdf([
      [['The first page has text about the sea.', 60, 700]],
      [],
      [['The third page has text about the tide.', 60, 700]],
    ]),
    texts: ['The first page', 'The third page'],
    leftOut: { 'pages without text': 1 },
  },
  {
    name: 'values of form fields',
    format: 'pdf',
    bytes: pdf([
      {
        texts: [
          ['Name of the vessel:', 60, 700],
          ['Port of registry:', 60, 670],
          ['Insured', 60, 640],
        ],
        fields: [
          { value: 'Kaiyo Maru', rect: [180, 696, 340, 712] },
          { value: 'Onomichi', rect: [180, 666, 340, 682] },
          { value: true, rect: [180, 638, 192, 650] },
        ],
      },
    ]),
    texts: ['Name of the vessel: Kaiyo Maru', 'Port of registry: Onomichi', 'Insured | ☒'],
  },
  {
    name: 'text that is drawn twice',
    format: 'pdf',
    bytes: pdf([
      [
        ['Emergency stop', 60, 760, 16],
        ['Emergency stop', 60.4, 760, 16],
        ['Press the red button.', 60, 700],
        ['Press the red button.', 60.3, 700],
      ],
    ]),
    texts: ['Emergency stop', 'Press the red button.'],
    once: ['Emergency stop', 'Press the red button.'],
  },
  {
    name: 'ruby',
    format: 'pdf',
    bytes: pdf([
      [
        ['浦島太郎は亀に乗って竜宮城へ行きまし', 60, 700, 12, 'J'],
        ['うらしま', 60, 712, 6, 'J'],
        ['た。姫が住んでいました。', 60, 676, 12, 'J'],
        ['ひめ', 84, 688, 6, 'J'],
      ],
    ]),
    texts: ['浦島太郎は亀に乗って竜宮城へ行きました。姫が住んでいました。'],
  },
  {
    name: 'vertical Japanese',
    format: 'pdf',
    bytes: pdf([vertical.map((text, at): PdfText => [text, 500 - at * 20, 760, 12, 'V'])]),
    texts: [vertical.slice(0, 2).join(''), '雑誌は貸し出しません。'],
  },
  {
    name: 'vertical Japanese, sign by sign',
    format: 'pdf',
    bytes: pdf([vertical.flatMap((text, at) => stacked(text.replace('、', '︑').replace('。', '︒'), 500 - at * 20))]),
    texts: [vertical.slice(0, 2).join(''), '雑誌は貸し出しません。'],
  },
  {
    name: 'ideographs that look like radicals',
    format: 'pdf',
    bytes: pdf([[['⼾籍の窓口は神⼾にあり、⺒年に開きました。', 60, 700, 12, 'J']]]),
    texts: ['戸籍の窓口は神戸にあり、巳年に開きました。'],
  },
];
