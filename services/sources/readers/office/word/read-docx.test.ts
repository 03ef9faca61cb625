import { expect, test } from 'vitest';
import { zip } from '../../../../../test/kit/files/zip.ts';
import { readDocx } from './read-docx.ts';

const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
  <Default Extension="xml" ContentType="application/xml"/>
  <Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
  <Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`;
const relations = (target: string, kind: string) => `<?xml version="1.0"?>
  <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/></Relationships>`;
const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const styles = `<?xml version="1.0"?><w:styles ${w}>
  <w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
  <w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>`;
const paragraph = (text: string, style = '') =>
  `<w:p>${style && `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const cell = (text: string) => `<w:tc>${paragraph(text)}</w:tc>`;

const word = (body: string) =>
  zip({
    '[Content_Types].xml': types,
    '_rels/.rels': relations('word/document.xml', 'officeDocument'),
    'word/_rels/document.xml.rels': relations('styles.xml', 'styles'),
    'word/styles.xml': styles,
    'word/document.xml': `<?xml version="1.0"?><w:document ${w}><w:body>${body}</w:body></w:document>`,
  });

test('a Word document is read with its title, headings, paragraphs and tables, without deleted text', async () => {
  const body = [
    paragraph('潮の手引き', 'Title'),
    paragraph('満ち引き', 'Heading1'),
    paragraph('潮は月に引かれて満ち引きします。'),
    `<w:p><w:del><w:r><w:delText>消した文。</w:delText></w:r></w:del><w:r><w:t>残った文。</w:t></w:r></w:p>`,
    `<w:tbl><w:tr>${cell('港')}${cell('高さ')}</w:tr><w:tr>${cell('東京')}${cell('2.1 m')}</w:tr></w:tbl>`,
  ].join('');
  const { title, blocks } = await readDocx(word(body));
  expect(title).toBe('潮の手引き');
  expect(blocks.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'heading 潮の手引き',
    'heading 満ち引き',
    'paragraph 潮は月に引かれて満ち引きします。',
    'paragraph 残った文。',
    'item 港: 高さ',
    'item 東京: 2.1 m',
  ]);
});

test.each([
  ['no archive', Buffer.from('PK nothing'), 'is not a complete archive'],
  ['an archive cut off', word(paragraph('x')).subarray(0, 700), 'is not a complete archive'],
  ['an archive of something else', zip({ 'a.txt': 'x' }), 'is not a Word document'],
  ['a document without text parts', zip({ '[Content_Types].xml': types }), 'is not a Word document'],
  [
    'an archive that says its files are smaller than they are',
    zip({ '[Content_Types].xml': 'x'.repeat(9999) }, 7),
    'is not a complete archive',
  ],
  ['an archive that unpacks to too much', zip({ 'a.xml': 'x' }, 300 * 1024 * 1024), 'unpacks to more than 128 MB'],
])('%s is refused with the reason', async (_, bytes, reason) => {
  await expect(readDocx(bytes)).rejects.toThrow(reason);
});

test('a small file that unpacks to more XML than fits in memory is refused, whatever its parts are called', async () => {
  const body = '<w:p/>'.repeat(3 * 1024 * 1024);
  const hidden = zip({
    '[Content_Types].xml': types.replace('document.xml', 'picture.png'),
    '_rels/.rels': relations('word/picture.png', 'officeDocument'),
    'word/picture.png': `\ufeff\n<?xml version="1.0"?><w:document ${w}><w:body>${body}</w:body></w:document>`,
  });
  for (const [bytes, reason] of [
    [word(body), 'has a part larger than 16 MB; split the file'],
    [hidden, 'is not a complete Word document: a part that it names is missing'],
  ] as const) {
    expect(bytes.length).toBeLessThan(100_000);
    await expect(readDocx(bytes)).rejects.toThrow(reason);
  }
});

test('pictures do not count as text', async () => {
  const picture = Buffer.alloc(17 * 1024 * 1024, 0x89);
  const bytes = zip({
    '[Content_Types].xml': types,
    '_rels/.rels': relations('word/document.xml', 'officeDocument'),
    'word/document.xml': `<?xml version="1.0"?><w:document ${w}><w:body>${paragraph('満潮です。')}</w:body></w:document>`,
    'word/media/image1.png': picture,
  });
  expect((await readDocx(bytes)).blocks).toMatchObject([{ text: '満潮です。' }]);
});
