import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pdfWithManifest } from '../../../test/kit/files/pdf-with-manifest.ts';
import { readPdf } from './pdf/read-pdf.ts';
import { carriedManifest } from './read-c2pa.ts';

const sentence = 'A manifest tells where this document came from, and who made it.';

test.each(['document', 'page'] as const)(
  'the manifest that a PDF carries in its %s is found, and holds',
  async (place) => {
    const file = await pdfWithManifest(sentence, place);
    expect((await readPdf(file)).blocks.map(({ text }) => text).join(' ')).toContain('where this document came from');
    const manifest = await carriedManifest('pdf', file);
    expect(manifest).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), holds: true });
    expect(await carriedManifest('pdf', file)).toEqual(manifest);
  },
);

test('one character changed beside the manifest leaves its hash and breaks what it says', async () => {
  const file = await pdfWithManifest(sentence);
  const changed = Buffer.from(file);
  changed.write('B', changed.indexOf('A manifest'), 'latin1');
  const manifest = await carriedManifest('pdf', file);
  expect(await carriedManifest('pdf', changed)).toEqual({ sha256: manifest?.sha256, holds: false });
});

test('a changed manifest has another hash and does not hold', async () => {
  const file = await pdfWithManifest(sentence);
  const changed = Buffer.from(file);
  const claim = changed.indexOf('application/pdf');
  changed.write('b', claim, 'latin1');
  const manifest = await carriedManifest('pdf', changed);
  expect(manifest?.holds).toBe(false);
  expect(manifest?.sha256).not.toBe((await carriedManifest('pdf', file))?.sha256);
});

test('a manifest that is damaged anywhere is never taken for the one that was there', async () => {
  const file = Buffer.from(await pdfWithManifest(sentence));
  const store = file.indexOf('jumdc2pa') - 12;
  const whole = await carriedManifest('pdf', file);
  for (const at of [0, 3, 21, 40, 90, 333, 777]) {
    const changed = Buffer.from(file);
    changed.writeUInt8(file.readUInt8(store + at) ^ 0x55, store + at);
    const manifest = await carriedManifest('pdf', changed);
    expect(manifest?.sha256, `byte ${at}`).not.toBe(whole?.sha256);
  }
});

test('files without a manifest have none, whatever they are', async () => {
  expect(await carriedManifest('markdown', Buffer.from('# jumb'))).toBeNull();
  expect(await carriedManifest('pdf', Buffer.from('no PDF at all'))).toBeNull();
  expect(await carriedManifest('pdf', readFileSync(new URL('pdf/encrypted.test.pdf', import.meta.url)))).toBeNull();
});
