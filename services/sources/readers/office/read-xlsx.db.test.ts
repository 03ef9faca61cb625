import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  damaged,
  encryptedOffice,
  sheetData,
  type WorkbookParts,
  workbook,
  workbookFiles,
} from '../../../../test/kit/files/office-files.ts';
import { zip } from '../../../../test/kit/files/zip.ts';
import { makeDocument } from '../../ingest/make-document.ts';
import { SourceError, SourceUnreadable } from '../../source-error.ts';
import { foldSpace } from '../../text/fold-space.ts';
import { readXlsx } from './read-xlsx.ts';

const read = async (parts: WorkbookParts) => (await readXlsx(workbook(parts))).blocks;
const lines = async (body: string, parts: Partial<WorkbookParts> = {}) =>
  (await read({ sheets: [{ name: '表', body }], ...parts })).slice(1).map(({ text }) => text);
const rows = (...cells: Parameters<typeof sheetData>[0]) => lines(sheetData(cells));

test('a workbook is read sheet by sheet, each row as a line with its column names, without hidden sheets', async () => {
  const blocks = await read({
    sheets: [
      {
        name: '潮位',
        body: sheetData([
          ['2026年の潮位表'],
          [],
          ['港', '高さ (m)', '備考'],
          ['東京', 2.13, '大潮'],
          ['大阪', 1.7, null],
        ]),
      },
      { name: '下書き', state: 'hidden', body: sheetData([['秘密']]) },
      { name: '計算', state: 'veryHidden', body: sheetData([['秘密']]) },
      { name: '空', body: '<sheetData/>' },
      { name: '連絡先', body: sheetData([['港湾局', '03-0000-0000']]) },
    ],
  });
  expect(blocks.map((block) => [block.kind, 'page' in block ? block.page : null, block.text])).toEqual([
    ['heading', null, '潮位'],
    ['item', 1, '2026年の潮位表'],
    ['item', 1, '港 | 高さ (m) | 備考'],
    ['item', 1, '東京 | 高さ (m): 2.13 | 備考: 大潮'],
    ['item', 1, '大阪 | 高さ (m): 1.7'],
    ['heading', null, '連絡先'],
    ['item', 3, '港湾局: 03-0000-0000'],
  ]);
});

test('cells are formatted as in a spreadsheet: dates, percentages, amounts, texts, booleans; errors of formulas are left out', async () => {
  const cells = [
    '<c t="s"><v>0</v></c>',
    '<c t="s"><v>1</v></c>',
    '<c t="str"><f>A1&amp;"x"</f><v>一行目_x000D_\n二行目</v></c>',
    '<c t="b"><v>1</v></c>',
    '<c t="e"><v>#N/A</v></c>',
    '<c t="s"><v>77</v></c>',
    '<c t="d"><v>2026-03-07T00:00:00.000Z</v></c>',
    '<c><v>0.30000000000000004</v></c>',
    '<c><v>12345678901234</v></c>',
    '<c s="1"><v>46088</v></c>',
    '<c s="2"><v>0.127</v></c>',
    '<c s="3"><v>-1234567.5</v></c>',
    '<c s="4"><v>46088.53125</v></c>',
    '<c s="5"><v>3</v></c>',
    '<c s="6"><v>46088</v></c>',
    '<c s="99"><v>17</v></c>',
    '<c><f>A1</f></c>',
  ];
  const parts = {
    shared: [
      '<r><t>東</t></r><r><rPr><b/></rPr><t xml:space="preserve">京 </t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>',
      '<t>a &lt;b&gt;</t>',
    ],
    patterns: ['yyyy"年"m"月"d"日"', '0.0%', '#,##0.0_);[Red](#,##0.0)', 'yyyy/m/d h:mm', 'bad['],
    builtIn: [14],
  };
  const body = `<sheetData>${cells.map((cell) => `<row>${cell}</row>`).join('')}</sheetData>`;
  expect(await lines(body, parts)).toEqual([
    '東京',
    'a <b>',
    '一行目 二行目',
    'TRUE',
    '2026-03-07',
    '0.3',
    '12345678901234',
    '2026年3月7日',
    '12.7%',
    '(1,234,567.5)',
    '2026/3/7 12:45',
    '3',
    '2026-03-07',
    '17',
  ]);
  const old = '<sheetData><row><c s="1"><v>44626</v></c></row></sheetData>';
  expect(await lines(old, { ...parts, from1904: true })).toEqual(['2026年3月7日']);
});

test('column names are recognised over numbers, over several columns, under a filter and in a second table', async () => {
  const merged = `${sheetData([
    ['地域', '売上', null, 'メモ'],
    [null, '前期', '後期'],
    ['関東', 3, 5, 'a'],
    [null, 7, 11, 'b'],
    ['関西', 13, 17, 'c'],
  ])}<mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="A1:A2"/><mergeCell ref="D1:D2"/><mergeCell ref="A3:A4"/></mergeCells>`;
  expect(await lines(merged)).toEqual([
    '地域 | 売上 前期 | 売上 後期 | メモ',
    '関東 | 売上 前期: 3 | 売上 後期: 5 | メモ: a',
    '関東 | 売上 前期: 7 | 売上 後期: 11 | メモ: b',
    '関西 | 売上 前期: 13 | 売上 後期: 17 | メモ: c',
  ]);
  expect(await rows(['項目', 2023, 2024], ['売上', 5, 7])).toEqual(['項目 | 2023 | 2024', '売上 | 2023: 5 | 2024: 7']);
  expect(
    await rows(
      ['港', '高さ', '時'],
      ['東京', 2, 3],
      [],
      ['船', '長さ', '幅'],
      ['甲丸', 31, 7],
      [],
      [null, null, null, '注'],
    ),
  ).toEqual(['港 | 高さ | 時', '東京 | 高さ: 2 | 時: 3', '船 | 長さ | 幅', '甲丸 | 長さ: 31 | 幅: 7', '注']);
  // A list of one thing and what it is has no names, unless something says so.
  const list = sheetData([
    ['問い', '答え'],
    ['氏名', '山田'],
    ['年齢', 34],
    ['住所', '東京'],
  ]);
  expect(await lines(list)).toEqual(['問い: 答え', '氏名: 山田', '年齢: 34', '住所: 東京']);
  const named = ['問い: 答え', '氏名 | 答え: 山田', '年齢 | 答え: 34', '住所 | 答え: 東京'];
  expect(await lines(`${list}<autoFilter ref="A1:B4"/>`)).toEqual(named);
  expect(
    await lines(`<sheetViews><sheetView><pane ySplit="1" state="frozen"/></sheetView></sheetViews>${list}`),
  ).toEqual(named);
  const table = { 'xl/tables/table1.xml': '<table ref="$A$1:B4"><autoFilter ref="A1:B4"/></table>' };
  const sheet = { name: '表', body: list, leads: { t: ['table', '../tables/table1.xml'] as const } };
  expect((await read({ sheets: [sheet], files: table })).slice(1).map(({ text }) => text)).toEqual(named);
  expect(await rows(['港', '高さ', '時'])).toEqual(['港 | 高さ | 時']);
});

test('hidden rows and columns are left out, text boxes are read', async () => {
  const cols = '<cols><col min="2" max="2" hidden="1"/></cols>';
  const data = sheetData([['一', '秘密', '三'], ['秘密'], ['五']]).replace('<row r="2">', '<row r="2" hidden="1">');
  const drawing =
    '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:sp><xdr:txBody><a:p><a:r><a:t>箱の</a:t></a:r><a:r><a:t>文</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>';
  const blocks = await read({
    sheets: [{ name: '表', body: cols + data, leads: { d: ['drawing', '/xl/drawings/d.xml'] } }],
    files: { 'xl/drawings/d.xml': drawing },
  });
  expect(blocks.map(({ text }) => text)).toEqual(['表', '一: 三', '五', '箱の文']);
});

test('passages have the name and number of their sheet, and rows that can be read alone', async () => {
  const harbours = Array.from({ length: 31 }, (_, at) => [`第${at + 1}港`, at + 0.5, '満潮の前後一時間は立ち入らない']);
  const body = workbook({
    sheets: [
      { name: '凡例', body: sheetData([['この表の読みかた。']]) },
      { name: '港', body: sheetData([['名', '高さ', '注意'], ...harbours]) },
    ],
  });
  const frame = {
    origin: { source: 'local', key: 'k', versionHash: null },
    uri: 'x:1',
    path: 'x',
    title: '潮位表',
    defaults: {},
    publishedAt: null,
  };
  const { passages, language } = await makeDocument({ body, format: 'xlsx' }, frame);
  expect(language).toBe('ja');
  expect(passages.slice(0, 2).map(({ heading, pageNumber }) => [heading, pageNumber])).toEqual([
    ['凡例', 1],
    ['港', 2],
  ]);
  expect(passages.at(-1)?.text).toMatch(/第31港 \| 高さ: 30\.5 \| 注意: 満潮の前後一時間は立ち入らない$/);
  expect(passages.length).toBeGreaterThan(3);
});

const one = (body: string, parts: Partial<WorkbookParts> = {}) => workbook({ sheets: [{ name: 'a', body }], ...parts });
const good = one(sheetData([['x']]));
const { 'xl/worksheets/sheet0.xml': _, ...missing } = workbookFiles({ sheets: [{ name: 'a', body: '' }] });
const macro = { mainType: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' };
const long = `<t>${'長'.repeat(100_000)}</t>`;
const laughs =
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>';

test.each<[string, Uint8Array, string, typeof SourceError]>([
  ['behind a password', encryptedOffice(), 'is encrypted; save a copy without a password', SourceUnreadable],
  ['of before 2007', encryptedOffice().fill(0, 1_000), 'has an Office format older than 2007', SourceUnreadable],
  ['with macros', one('', macro), 'holds macros; save it as .xlsx without them', SourceUnreadable],
  ['in binary', one('', { mainType: 'application/vnd.ms-excel.sheet.binary.x' }), 'binary', SourceUnreadable],
  ['of another kind', one('', { mainType: 'x.presentationml.x' }), 'is not an Excel workbook', SourceError],
  ['that is no archive', Buffer.from('PK nothing'), 'is not a complete archive', SourceError],
  ['cut off', good.subarray(0, good.length - 300), 'is not a complete archive', SourceError],
  ['that holds something else', zip({ 'a.xml': 'x' }), 'is not an Excel workbook', SourceError],
  [
    'with a part missing',
    zip(missing),
    'is not a complete Excel workbook: a part that it names is missing',
    SourceError,
  ],
  [
    'whose sheet is cut off',
    zip({ ...missing, 'xl/worksheets/sheet0.xml': '<worksheet><row>' }),
    'it is damaged',
    SourceError,
  ],
  [
    'that says to be larger than may be',
    zip({ 'a.xml': 'x' }, 300 * 1024 * 1024),
    'more than 128 MB',
    SourceUnreadable,
  ],
  ['with entities of its own', zip({ ...missing, 'xl/worksheets/sheet0.xml': laughs }), 'is damaged', SourceError],
  [
    'that names one long text again and again',
    one(`<sheetData>${'<row><c t="s"><v>0</v></c></row>'.repeat(101)}</sheetData>`, { shared: [long] }),
    'holds more than 10,000,000 characters; split it',
    SourceUnreadable,
  ],
])('a workbook %s is refused with the reason', async (_name, bytes, reason, kind) => {
  const fault = await readXlsx(bytes).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(kind);
  expect((fault as Error).message).toContain(reason);
});

test('a pattern longer than a spreadsheet accepts is ignored', async () => {
  const cells = '<sheetData><row><c s="1"><v>7.5</v></c><c s="2"><v>7.5</v></c></row></sheetData>';
  expect(await lines(cells, { patterns: [`${'_'.repeat(254)}0`, `${'_'.repeat(255)}0`] })).toEqual([
    expect.stringMatching(/^8 ?: 7\.5$/),
  ]);
});

test('a row whose first column is empty names all its cells, however wide the table', async () => {
  expect(
    await rows(
      ['港', '高さ', '備考', '時'],
      ['東京', 2.1, '大潮', 7],
      [null, null, '小潮', 9],
      ['大阪', null, null, 3],
    ),
  ).toEqual(['港 | 高さ | 備考 | 時', '東京 | 高さ: 2.1 | 備考: 大潮 | 時: 7', '備考: 小潮 | 時: 9', '大阪 | 時: 3']);
});

test('a small file that unpacks to too many cells is refused without blocking the event loop', async () => {
  const bytes = one(`<sheetData>${`<row>${'<c><v>7</v></c>'.repeat(500)}</row>`.repeat(1_001)}</sheetData>`);
  expect(bytes.length).toBeLessThan(100_000);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  try {
    await expect(readXlsx(bytes)).rejects.toThrow('holds more than 500,000 filled cells; split it');
  } finally {
    clearInterval(timer);
  }
  expect(turns).toBeGreaterThan(3);
}, 120_000);

const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
test('every cell is in a line, unchanged or cleaned like all text', async () => {
  const grid = fc.array(fc.array(fc.option(fc.oneof(texts, fc.integer())), { maxLength: 5 }), {
    minLength: 1,
    maxLength: 7,
  });
  await fc.assert(
    fc.asyncProperty(grid, async (cells) => {
      const shown = (await rows(...cells)).join('\n');
      for (const value of cells.flat()) expect(shown).toContain(value === null ? '' : foldSpace(String(value)));
    }),
    { numRuns: 40 },
  );
});

test('a damaged workbook is read, or refused with a reason', async () => {
  const whole = workbookFiles({
    sheets: [
      {
        name: '表',
        body: `${sheetData([
          ['港', '高さ', '時'],
          ['東京', 2, 3],
        ])}<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`,
      },
    ],
    shared: ['<t>x</t>'],
    patterns: ['0.0'],
  });
  await fc.assert(
    fc.asyncProperty(damaged(whole), async (bytes) => {
      await readXlsx(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(SourceError));
    }),
    { numRuns: 60 },
  );
});
