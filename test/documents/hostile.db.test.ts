/** Crafted files end in a refusal within the limits of the parser processes, and the next document is read. */
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createParserPool } from '../../services/sources/readers/parser-pool.ts';
import { SourceUnreadable } from '../../services/sources/source-error.ts';
import { assembled } from '../kit/files/pdf-files.ts';
import { zip } from '../kit/files/zip.ts';

const MiB = 1024 * 1024;

/** An attachment behind two filters: a few kilobytes for hundreds of megabytes. */
function attachmentBomb(size: number): Buffer {
  const packed = deflateSync(deflateSync(Buffer.alloc(size)));
  const stream = packed.toString('latin1');
  return assembled(
    [
      '<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a) 4 0 R]>>>>>>',
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
      '<</Type/Filespec/F(a)/UF(a)/EF<</F 5 0 R>>>>',
      `<</Type/EmbeddedFile/Filter[/FlateDecode/FlateDecode]/Length ${packed.length}>>stream\n${stream}\nendstream`,
    ],
    '1 0 R',
  );
}

test('an attachment that inflates to more memory than a process may have does not end the program', async () => {
  const { readManifest, parseDocument } = createParserPool({ timeMs: 30_000, memory: 220 });
  const file = attachmentBomb(400 * MiB);
  expect(file.length).toBeLessThan(10_000);
  await expect(readManifest('pdf', file)).rejects.toBeInstanceOf(SourceUnreadable);
  expect((await parseDocument({ format: 'text', text: 'Next.' })).blocks).toMatchObject([{ text: 'Next.' }]);
}, 120_000);

test('an e-book that repeats a chapter is refused at the common limit of text', async () => {
  const { parseDocument } = createParserPool({ timeMs: 60_000, memory: 512 });
  const chapter = `<html><body>${'<p>The same sentence of the same chapter, again and again.</p>'.repeat(2_000)}</body></html>`;
  const bytes = zip({
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
    'b.opf': `<package><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine>${'<itemref idref="c"/>'.repeat(400)}</spine></package>`,
    'c.xhtml': chapter,
  });
  expect(bytes.length).toBeLessThan(10_000);
  await expect(parseDocument({ format: 'epub', bytes })).rejects.toThrow(
    /holds more than [\d,]+ (?:characters|paragraphs); split it/,
  );
}, 120_000);

test('a function of another module runs under the same limits', async () => {
  const { runIsolated } = createParserPool({ timeMs: 10_000, memory: 512 });
  const module = new URL('../../services/sources/text/left-out.ts', import.meta.url);
  const line = await runIsolated<string>(module, 'describeLeftOut', {
    kind: 'pages without text',
    count: 2,
    of: 9,
    pages: [3, 5],
  });
  expect(line).toBe('pages without text: 2 of 9 (pages 3, 5)');
});
