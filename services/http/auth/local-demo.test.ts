import { request } from 'node:http';
import { expect, test } from 'vitest';
import { secret, serveApp } from '../../../test/kit/programs/serve-app.ts';
import type { HttpSettings } from '../app.ts';
import { sampleLearnerId } from './development-token.ts';

const auth = { issuer: 'the-lms', audience: 'rag-observatory', keys: { developmentSecret: secret } };

/** Opens a page that signs in local visitors, with the given Host and headers. */
async function visit(settings: Partial<HttpSettings>, headers: Record<string, string>) {
  await using app = await serveApp({
    settings: { embedded: true, ...settings },
    pages: (router, { mountRoute, isLocalDemo, signInSampleLearner, findCaller }) => {
      mountRoute(router, '/', {
        get: [
          async (req, res) => {
            if (isLocalDemo(req)) await signInSampleLearner(req, res);
            res.json({ local: isLocalDemo(req) });
          },
        ],
      });
      mountRoute(router, '/who', {
        get: [
          async (req, res) => {
            res.json((await findCaller(req)).requester);
          },
        ],
      });
    },
  });
  const get = (path: string, sent: Record<string, string>) =>
    new Promise<{ cookie: string | undefined; body: { local?: boolean; userId?: string } }>((resolve, reject) => {
      request({ port: app.port, host: '127.0.0.1', path, headers: sent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ cookie: response.headers['set-cookie']?.[0], body: JSON.parse(text) }));
      })
        .on('error', reject)
        .end();
    });
  const page = await get('/', headers);
  const who = page.cookie ? await get('/who', { ...headers, cookie: page.cookie.split(';')[0] ?? '' }) : null;
  return { local: page.body.local, cookie: page.cookie, userId: who?.body.userId };
}

test.each(['localhost:3000', 'LOCALHOST', '127.0.0.1:3000', '[::1]:3000'])(
  'a local visitor is signed in as the sample learner with the host name %s',
  async (host) => {
    const { local, cookie, userId } = await visit({}, { host });
    expect(local).toBe(true);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(userId).toBe(sampleLearnerId);
  },
);

test.each<[string, Partial<HttpSettings>, Record<string, string>]>([
  ['a foreign name that resolves to this machine (DNS rebinding)', {}, { host: 'evil.example:3000' }],
  ['a name that only starts like a local one', {}, { host: 'localhost.evil.example' }],
  ['a local proxy that forwards remote visitors', {}, { host: 'localhost', 'x-forwarded-for': '192.0.2.7' }],
  ['nginx with its defaults, which adds no header', {}, { host: 'localhost:3000', connection: 'close' }],
  ['a tunnel', {}, { host: 'localhost:3000', 'cf-connecting-ip': '192.0.2.7' }],
  ['a proxy that names the scheme alone', {}, { host: 'localhost:3000', 'x-forwarded-proto': 'https' }],
  ['a server that listens on all interfaces', { host: '0.0.0.0' }, { host: 'localhost' }],
  ['a server behind a proxy', { trustProxy: '1' }, { host: 'localhost' }],
  ['an external database', { embedded: false }, { host: 'localhost' }],
  ['tokens of an LMS', { auth: { ...auth, keys: { jwksUrl: 'http://127.0.0.1:9/jwks.json' } } }, { host: 'localhost' }],
])('visitors need a token with %s', async (_what, settings, headers) => {
  expect(await visit(settings, headers)).toEqual({ local: false, cookie: undefined, userId: undefined });
});
