/** A document server reads what this service cannot: formats without a reader of ours, and scanned pages of a PDF. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { pdf } from '../../../test/kit/files/pdf-files.ts';
import { readFetched } from '../ingest/make-document.ts';
import { SourceUnreadable } from '../source-error.ts';
import { type DocumentServerSettings, useDocumentServer } from './document-server.ts';

type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

afterEach(() => useDocumentServer(null));

/** A server that returns one reply to everything and keeps what it was asked. */
async function serve(status: number, body: string): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const parts = await request.toArray();
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, headers, body: Buffer.concat(parts).toString('latin1') });
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const use = (baseUrl: string, settings: Partial<DocumentServerSettings> = {}) =>
  useDocumentServer({ kind: 'tika', baseUrl, apiKey: null, languages: [], ...settings });
/** @param pages their text; null: a page without text, like a scan */
const pdfOf = (pages: readonly (string | null)[]) =>
  pdf(pages.map((text) => (text === null ? [] : [[text, 72, 700] as const])));
const texts = (blocks: readonly { readonly text: string }[]) => blocks.map(({ text }) => text);

test('Tika reads an old Word file, with its headings, and is asked for its languages', async () => {
  const { url, asked } = await serve(
    200,
    '<html><head><title>&#0;</title></head><body><h1>Annual leave</h1><p>20 days.</p></body></html>',
  );
  use(url, { languages: ['jpn', 'eng'] });
  const read = await readFetched({ body: Buffer.from('bytes of a .doc'), format: 'doc' });
  expect(read.title).toBeNull();
  expect(texts(read.blocks)).toEqual(['Annual leave', '20 days.']);
  expect(asked).toMatchObject([
    {
      method: 'PUT',
      url: '/tika',
      body: 'bytes of a .doc',
      headers: { accept: 'text/html', 'x-tika-ocrlanguage': 'jpn+eng' },
    },
  ]);
});

test('Docling reads an ODT file page by page, with its key', async () => {
  const { asked, url } = await serve(
    200,
    JSON.stringify({
      status: 'success',
      document: { md_content: '# 就業規則\n\n第1条\n\n<!-- rag-observatory page break -->\n\n第2条' },
    }),
  );
  use(url, { kind: 'docling', apiKey: 'secret', languages: ['ja'] });
  const read = await readFetched({ body: Buffer.from('bytes'), format: 'odt' });
  expect(read.blocks).toMatchObject([
    { kind: 'heading', text: '就業規則' },
    { text: '第1条', page: 1 },
    { text: '第2条', page: 2 },
  ]);
  expect(asked).toMatchObject([{ method: 'POST', url: '/v1/convert/file', headers: { 'x-api-key': 'secret' } }]);
  expect(asked[0]?.body).toContain('name="ocr_lang"\r\n\r\nja');
});

test('the scanned pages of a PDF are recognised, and its own text stays as it is', async () => {
  const { url } = await serve(
    200,
    '<html><body><div class="page"><p>Wrong reading of page 1</p></div><div class="page"><h2>Appendix</h2><p>Text of the scan</p></div><div class="page"></div></body></html>',
  );
  use(url);
  const read = await readFetched({
    body: pdfOf(['Our own text of page 1 stays.', null, null, 'And page 4 follows.']),
    format: 'pdf',
  });
  expect(texts(read.blocks)).toEqual([
    'Our own text of page 1 stays.',
    'Appendix',
    'Text of the scan',
    'And page 4 follows.',
  ]);
  expect(read.leftOut).toEqual([{ kind: 'pages without text', count: 1, of: 4, pages: [3] }]);
  expect(read.warnings).toEqual(['text recognised by the document server: 1 of 4 pages']);
});

test('a PDF that only consists of scans is the text that the server recognised', async () => {
  const { url } = await serve(
    200,
    '<html><body><div class="page"><h1>Contract</h1><p>Between A and B.</p></div></body></html>',
  );
  use(url);
  const read = await readFetched({ body: pdfOf([null]), format: 'pdf' });
  expect(read.blocks).toMatchObject([
    { kind: 'heading', text: 'Contract' },
    { text: 'Between A and B.', page: 1 },
  ]);
});

test('a document that the server refuses is not tried again, and every other failure is', async () => {
  const odt = { body: Buffer.from('bytes'), format: 'odt' } as const;
  use((await serve(422, 'no')).url);
  const refused = readFetched(odt);
  await expect(refused).rejects.toBeInstanceOf(SourceUnreadable);
  await expect(refused).rejects.toThrow('cannot be read by the document server (HTTP 422)');

  for (const [status, body, kind, message] of [
    [503, '', 'tika', 'cannot be read now: the document server returned HTTP 503'],
    [401, '', 'docling', 'cannot be read now: the document server returned HTTP 401; check DOCUMENT_SERVER_API_KEY'],
    [200, 'no JSON', 'docling', 'cannot be read now: the document server returned invalid JSON'],
    [200, '{}', 'docling', 'cannot be read now: the document server returned no md_content'],
  ] as const) {
    use((await serve(status, body)).url, { kind });
    const failed = readFetched(odt);
    await expect(failed).rejects.not.toBeInstanceOf(SourceUnreadable);
    await expect(failed).rejects.toThrow(message);
  }
  use('http://127.0.0.1:1');
  await expect(readFetched(odt)).rejects.toThrow('the document server is unreachable; check DOCUMENT_SERVER_URL');
});

test('without a document server, a scan says what to do, and an ODT file is reported', async () => {
  await expect(readFetched({ body: pdfOf([null, null]), format: 'pdf' })).rejects.toThrow(
    'holds no text, only pictures of it; run it through OCR first',
  );
  await expect(readFetched({ body: Buffer.from(''), format: 'odt' })).rejects.toThrow('set DOCUMENT_SERVER_URL');
});
