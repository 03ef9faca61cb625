import { expect, test } from 'vitest';
import { zip } from '../../../test/kit/files/zip.ts';
import { readEpub } from './read-epub.ts';

const page = (title: string, body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>${title}</title></head><body>${body}</body></html>`;

const files = {
  mimetype: 'application/epub+zip',
  'META-INF/container.xml': `<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
    <rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
  'OEBPS/book.opf': `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
    <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>海の本</dc:title><dc:language>JA</dc:language></metadata>
    <manifest>
      <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
      <item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
      <item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
      <item id="note" href="text/note.xhtml" media-type="application/xhtml+xml"/>
      <item id="picture" href="p.png" media-type="image/png"/>
    </manifest>
    <spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="note" linear="no"/><itemref idref="picture"/></spine>
  </package>`,
  'OEBPS/nav.xhtml': page('目次', '<h1>目次</h1><p>一章</p>'),
  'OEBPS/text/one.xhtml': page('一章', '<h1>一章</h1><p>海は広い。</p>'),
  'OEBPS/text/two b.xhtml': page('二章', '<h1>二章</h1><p>海は深い。</p>'),
  'OEBPS/text/note.xhtml': page('注', '<p>注です。</p>'),
  'OEBPS/p.png': 'x',
};

test('an e-book is read chapter by chapter in reading order, without its table of contents', async () => {
  const { title, language, blocks } = await readEpub(zip(files));
  expect({ title, language }).toEqual({ title: '海の本', language: 'ja' });
  expect(blocks.map(({ text }) => text)).toEqual(['一章', '海は広い。', '二章', '海は深い。', '注です。']);
});

const hidden = `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
  <enc:EncryptedData><enc:CipherData><enc:CipherReference URI="OEBPS/text/one.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>`;
const { 'OEBPS/text/one.xhtml': _, ...missing } = files;

test.each([
  [
    'without its container',
    zip({ mimetype: 'application/epub+zip' }),
    'is not a complete e-book: a file that it names is missing',
  ],
  [
    'whose package document is truncated',
    zip({ ...files, 'OEBPS/book.opf': '<package><manifest>' }),
    'is not a complete e-book: it is damaged',
  ],
  ['that is protected', zip({ ...files, 'META-INF/encryption.xml': hidden }), 'is protected by DRM'],
])('an e-book %s is refused with the reason', async (_name, bytes, reason) => {
  await expect(readEpub(bytes)).rejects.toThrow(reason);
});

test('a missing chapter is skipped and reported', async () => {
  const { blocks, leftOut } = await readEpub(zip(missing));
  expect(blocks.map(({ text }) => text)).toEqual(['二章', '海は深い。', '注です。']);
  expect(leftOut).toContainEqual({ kind: 'unread parts', count: 1, of: 3 });
});

test('an e-book with obfuscated fonts is read', async () => {
  const fonts = hidden.replace('OEBPS/text/one.xhtml', 'OEBPS/a.otf');
  expect((await readEpub(zip({ ...files, 'META-INF/encryption.xml': fonts }))).blocks).toHaveLength(5);
});
