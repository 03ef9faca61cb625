import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pdfWithManifest } from '../../../test/kit/files/pdf-with-manifest.ts';
import { readManifest } from './parser-pool.ts';
import { readPdf } from './pdf/read-pdf.ts';
import { carriedManifest } from './read-c2pa.ts';

const sentence = 'A manifest says where this document came from, and who made it.';

test.each(['document', 'page'] as const)('a manifest in the %s of a PDF is found and valid', async (place) => {
  const file = await pdfWithManifest(sentence, place);
  expect((await readPdf(file)).blocks.map(({ text }) => text).join(' ')).toContain('where this document came from');
  const manifest = await carriedManifest(file);
  expect(manifest).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), holds: true });
  expect(await carriedManifest(file)).toEqual(manifest);
});

test('a change beside the manifest keeps its hash and invalidates it', async () => {
  const file = await pdfWithManifest(sentence);
  const changed = Buffer.from(file);
  changed.write('B', changed.indexOf('A manifest'), 'latin1');
  const manifest = await carriedManifest(file);
  expect(await carriedManifest(changed)).toEqual({ sha256: manifest?.sha256, holds: false });
});

test('a changed manifest has another hash and is invalid', async () => {
  const file = await pdfWithManifest(sentence);
  const changed = Buffer.from(file);
  const claim = changed.indexOf('application/pdf');
  changed.write('b', claim, 'latin1');
  const manifest = await carriedManifest(changed);
  expect(manifest?.holds).toBe(false);
  expect(manifest?.sha256).not.toBe((await carriedManifest(file))?.sha256);
});

test('a damaged manifest never has the hash of the original', async () => {
  const file = Buffer.from(await pdfWithManifest(sentence));
  const store = file.indexOf('jumdc2pa') - 12;
  const whole = await carriedManifest(file);
  for (const at of [0, 3, 21, 40, 90, 333, 777]) {
    const changed = Buffer.from(file);
    changed.writeUInt8(file.readUInt8(store + at) ^ 0x55, store + at);
    const manifest = await carriedManifest(changed);
    expect(manifest?.sha256, `byte ${at}`).not.toBe(whole?.sha256);
  }
});

test('files without a manifest return null', async () => {
  expect(await readManifest('markdown', Buffer.from('# jumb'))).toBeNull();
  expect(await carriedManifest(Buffer.from('no PDF at all'))).toBeNull();
  expect(await carriedManifest(readFileSync(new URL('pdf/encrypted.test.pdf', import.meta.url)))).toBeNull();
});
