import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startWebServer } from '../../../test/kit/servers/web-server.ts';
import { createGet } from './get.ts';
import { createDispatchers } from './refuse-private.ts';
import { retryAfterMs } from './retry-after.ts';
import { createSafeFetch, defaultLimits, type FetchLimits } from './safe-fetch.ts';

let answer: (response: ServerResponse, path: string) => void = (response) => response.end('hello');
const server = await startWebServer((request, response) => answer(response, request.url ?? ''));
const other = await startWebServer((request, response) => response.end(JSON.stringify(request.headers)));
afterAll(server.close);
afterAll(other.close);
const port = Number(server.host.split(':')[1]);

beforeEach(() => {
  answer = (response) => response.end('hello');
  server.asked.length = 0;
  other.asked.length = 0;
});

type ClientOptions = {
  allow?: readonly string[];
  lookup?: LookupFunction;
  limits?: Partial<FetchLimits>;
  signal?: AbortSignal;
};

function createClient({
  allow = [server.host],
  lookup,
  limits = {},
  signal = new AbortController().signal,
}: ClientOptions = {}) {
  const dispatchers = createDispatchers(allow, lookup);
  onTestFinished(dispatchers.close);
  return createSafeFetch({
    dispatchers,
    pace: async () => {},
    limits: { ...defaultLimits, backOffMs: 1, ...limits },
    userAgent: 'rag-observatory/test',
    signal,
    now: () => new Date('2026-03-07T00:00:00Z'),
  });
}

/** Resolves each lookup to the next list of addresses, and from then on to the last one. */
function lookups(...answers: string[][]): LookupFunction & { calls: number } {
  const lookup = ((_host, options, callback) => {
    const addresses = answers[Math.min(lookup.calls++, answers.length - 1)] ?? [];
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  }) as LookupFunction & { calls: number };
  lookup.calls = 0;
  return lookup;
}

const refused = /leads to loopback or a private network, which is refused/;

test.each([
  `http://127.0.0.1:${port}/`,
  `http://2130706433:${port}/`,
  `http://0x7f.1:${port}/`,
  `http://0177.0.0.1:${port}/`,
  `http://[::1]:${port}/`,
  `http://[::ffff:127.0.0.1]:${port}/`,
  `http://[::127.0.0.1]:${port}/`,
  `http://0.0.0.0:${port}/`,
  `http://localhost:${port}/`,
  `http://LOCALHOST:${port}/`,
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.7/',
])('%s is refused without a connection', async (url) => {
  await expect(createClient({ allow: [] })(url)).rejects.toThrow(refused);
  expect(server.asked).toEqual([]);
});

test.each(['file:///etc/passwd', 'ftp://example.org/', 'data:text/plain,x', 'http://user:secret@example.org/'])(
  '%s is refused',
  async (url) => {
    await expect(createClient()(url)).rejects.toThrow(/neither http nor https|holds a password/);
  },
);

test('a name that leads to a private address is refused, also beside a public one', async () => {
  for (const addresses of [['10.0.0.7'], ['8.8.8.8', '127.0.0.1'], ['::ffff:192.168.0.1'], []]) {
    await expect(createClient({ lookup: lookups(addresses) })('http://feeds.example/')).rejects.toThrow(
      addresses.length > 0 ? refused : 'a name without an address',
    );
  }
});

test('what is refused is refused at once, and not tried again', async () => {
  const lookup = lookups(['10.0.0.7']);
  await expect(createClient({ lookup })('http://feeds.example/')).rejects.toThrow(refused);
  expect(lookup.calls).toBe(1);
});

test('a name that shows a public address first and loopback then gets no connection to loopback', async () => {
  const lookup = lookups(['192.88.99.1'], ['127.0.0.1']);
  const rebound = lookups(['127.0.0.1']);
  await expect(createClient({ lookup })(`http://rebind.example:${port}/`)).rejects.toThrow(refused);
  await expect(createClient({ lookup: rebound })(`http://rebind.example:${port}/`)).rejects.toThrow(refused);
  expect(server.asked).toEqual([]);
});

test('a host in the allow list of the row may be private; an entry with a port allows only that port', async () => {
  expect((await createClient()(server.url)).status).toBe(200);
  expect((await createClient({ allow: ['127.0.0.1'] })(server.url)).status).toBe(200);
  const named = createClient({ allow: [`feeds.example:${port}`], lookup: lookups(['127.0.0.1']) });
  expect((await named(`http://feeds.example:${port}/`)).status).toBe(200);
  await expect(createClient({ allow: ['127.0.0.1:1'] })(server.url)).rejects.toThrow(refused);
});

test('a redirect to a private address is refused, also from a host that is allowed', async () => {
  answer = (response) => response.writeHead(302, { location: `${other.url}/secret` }).end();
  await expect(createClient()(server.url)).rejects.toThrow(refused);
  expect(other.asked).toEqual([]);
});

test('redirects are followed, five at most, and a key is not sent along to another origin', async () => {
  answer = (response, path) => response.writeHead(301, { location: path === '/1' ? '/2' : `${other.url}/x` }).end();
  const fetch = createClient({ allow: [server.host, other.host] });
  const headers = { authorization: 'Bearer s3cret', cookie: 'a=b', accept: 'text/html' };
  const seen = (await (await fetch(`${server.url}/1`, { headers })).json()) as Record<string, string>;
  expect(seen).toMatchObject({ accept: 'text/html', 'user-agent': 'rag-observatory/test' });
  expect(seen).not.toHaveProperty('authorization');
  expect(seen).not.toHaveProperty('cookie');
  answer = (response, path) => response.writeHead(302, { location: `${path}0` }).end();
  await expect(fetch(`${server.url}/1`)).rejects.toThrow('redirects more than 5 times');
});

test('the download of a response stops at the size limit, which counts decompressed bytes', async () => {
  const fetch = createClient({ limits: { maxBytes: 100_000 } });
  answer = (response) => {
    const more = () => response.write('x'.repeat(10_000), (error) => error || more());
    more();
  };
  await expect(fetch(server.url)).rejects.toThrow('is larger than 100,000 bytes');
  answer = (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
  };
  await expect(fetch(server.url)).rejects.toThrow('is larger than 100,000 bytes');
  expect(server.asked).toHaveLength(2);
});

test('the timeout applies to each attempt', async () => {
  answer = (response) => response.write('x');
  await expect(createClient({ limits: { timeoutMs: 1_000, retries: 1 } })(server.url)).rejects.toThrow(
    'cannot be reached (took too long)',
  );
  expect(server.asked).toHaveLength(2);
});

test('a truncated response is retried, and reported as unreachable if every attempt fails', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('some', () => response.destroy());
  };
  await expect(createClient({ limits: { retries: 2 } })(server.url)).rejects.toThrow(
    'cannot be reached (UND_ERR_SOCKET)',
  );
  expect(server.asked).toHaveLength(3);
});

test('500 and 429 are retried, other errors are not; after a 500, a POST is retried only if it is read-only', async () => {
  const statuses = [503, 429, 200];
  answer = (response) => response.writeHead(statuses.shift() ?? 418).end('x');
  expect((await createClient()(server.url)).status).toBe(200);
  expect((await createClient()(server.url)).status).toBe(418);
  expect(server.asked).toHaveLength(4);
  answer = (response) => response.writeHead(500).end();
  expect((await createClient()(server.url, { method: 'POST', body: 'x' })).status).toBe(500);
  expect(server.asked).toHaveLength(5);
  expect((await createClient()(server.url, { method: 'POST', body: 'x', readOnly: true })).status).toBe(500);
  expect(server.asked).toHaveLength(5 + 1 + defaultLimits.retries);
});

test('an aborted signal stops the request at once, even during a wait', async () => {
  const ending = new AbortController();
  answer = (response) => {
    response.writeHead(429, { 'retry-after': '60' }).end();
    setImmediate(() => ending.abort(new Error('enough')));
  };
  await expect(createClient({ signal: ending.signal })(server.url)).rejects.toThrow('enough');
});

test.each([
  ['7', 7_000],
  ['Sat, 07 Mar 2026 00:00:37 GMT', 37_000],
  ['Fri, 06 Mar 2026 00:00:00 GMT', 0],
  ['-1', null],
  ['soon', null],
  [null, null],
])('Retry-After %s is %s ms', (header, expected) => {
  expect(retryAfterMs(header, new Date('2026-03-07T00:00:00Z'))).toBe(expected);
});

test('get reports changes, deletions and refusals without the URL', async () => {
  const get = createGet(createClient(), async () => true);
  answer = (response, path) => {
    if (server.asked.at(-1)?.headers['if-none-match'] === '"v7"') response.writeHead(304).end();
    else if (path === '/') response.writeHead(200, { etag: '"v7"', 'content-type': 'Text/HTML; charset=x' }).end('hi');
    else response.writeHead(Number(path.slice(1))).end();
  };
  const got = await get(`${server.url}/`);
  expect(got).toMatchObject({ state: 'got', mediaType: 'text/html', validators: { etag: '"v7"' } });
  expect(await get(`${server.url}/`, { validators: { etag: '"v7"' } })).toEqual({ state: 'not_modified' });
  expect(await get(`${server.url}/404`)).toEqual({ state: 'gone' });
  expect(await get(`${server.url}/410`)).toEqual({ state: 'gone' });
  await expect(get(`${server.url}/401`)).rejects.toThrow(/^refuses to be read \(401\); check its key and its rights$/);
  await expect(get(`${server.url}/418`)).rejects.toThrow(/^answered 418$/);
});
