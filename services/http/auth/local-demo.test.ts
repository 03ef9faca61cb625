import { request } from 'node:http';
import { expect, test } from 'vitest';
import { secret, serveApp } from '../../../test/kit/serve-app.ts';
import type { HttpSettings } from '../app.ts';
import { sampleLearnerId } from './development-token.ts';

const auth = { issuer: 'the-lms', audience: 'rag-observatory', keys: { developmentSecret: secret } };

/** Asks a page that lets the local person in, under the given Host and headers. */
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
  'the person at this machine is let in as the sample learner under the name %s',
  async (host) => {
    const { local, cookie, userId } = await visit({}, { host });
    expect(local).toBe(true);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(userId).toBe(sampleLearnerId);
  },
);

test.each<[string, Partial<HttpSettings>, Record<string, string>]>([
  ['a name that was made to resolve to this machine', {}, { host: 'evil.example:3000' }],
  ['a name that only begins like a local one', {}, { host: 'localhost.evil.example' }],
  ['a proxy on this machine that passes strangers on', {}, { host: 'localhost', 'x-forwarded-for': '192.0.2.7' }],
  ['a server that listens to the network', { host: '0.0.0.0' }, { host: 'localhost' }],
  ['a server behind a proxy', { trustProxy: '1' }, { host: 'localhost' }],
  ['a database that others use', { embedded: false }, { host: 'localhost' }],
  ['tokens of an LMS', { auth: { ...auth, keys: { jwksUrl: 'http://127.0.0.1:9/jwks.json' } } }, { host: 'localhost' }],
])('nobody is let in without a token with %s', async (_what, settings, headers) => {
  expect(await visit(settings, headers)).toEqual({ local: false, cookie: undefined, userId: undefined });
});
