import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { bearer, type ServedApp, secret, serveApp } from '../../../test/kit/programs/serve-app.ts';
import { problemDocument } from '../api/problem.ts';
import type { User } from './user-cache.ts';

const userId = '7c9d8a51-6c1f-4c57-9a51-2f6f0b7c9d43';
const hmac = new TextEncoder().encode(secret);

const usual = { sub: userId, iss: 'the-lms', aud: 'rag-observatory', exp: inSeconds(60) };

function inSeconds(seconds: number) {
  return Math.floor(Date.now() / 1000) + seconds;
}

function sign(
  claims: Record<string, unknown>,
  key: CryptoKey | Uint8Array = hmac,
  header: { alg?: string; kid?: string } = {},
) {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(key);
}

function unsigned(claims: Record<string, unknown>) {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

function ask(app: ServedApp, headers: Record<string, string>) {
  return fetch(`${app.url}/api/ai/chat`, { method: 'POST', headers, body: '{"query":"What is RAG?"}' });
}

async function refusal(response: Response) {
  const document = problemDocument.parse(await response.json());
  expect(document.status).toBe(response.status);
  return { status: response.status, challenge: response.headers.get('www-authenticate'), detail: document.detail };
}

describe('with the development secret', () => {
  test("a new user is created with the token's address and role, at most once a minute", async () => {
    const created: User[] = [];
    await using app = await serveApp({
      ensureUser: async (user) => {
        created.push(user);
        return 'there';
      },
    });
    const headers = await bearer({ id: userId, email: 'yuki@example.com', role: 'teacher' });
    expect((await ask(app, headers)).status).toBe(200);
    expect((await ask(app, headers)).status).toBe(200);
    expect(created).toEqual([{ id: userId, email: 'yuki@example.com', role: 'teacher' }]);
  });

  test('the challenge contains no error if no token was sent', async () => {
    await using app = await serveApp();
    const expected = { status: 401, challenge: 'Bearer realm="rag-observatory"' };
    expect(await refusal(await ask(app, {}))).toMatchObject(expected);
    expect(await refusal(await ask(app, { authorization: 'Basic eXVraTpzZWNyZXQ=' }))).toMatchObject(expected);
  });

  test('expiry is reported only for genuine tokens', async () => {
    await using app = await serveApp();
    const expired = await sign({ ...usual, exp: inSeconds(-61) });
    expect((await refusal(await ask(app, { authorization: `Bearer ${expired}` }))).challenge).toMatch(
      /error="invalid_token", error_description="the token has expired/,
    );
    const forged = await sign(
      { ...usual, exp: inSeconds(-61) },
      new TextEncoder().encode('a secret that this server never had'),
    );
    expect((await refusal(await ask(app, { authorization: `Bearer ${forged}` }))).challenge).toMatch(
      /error="invalid_token", error_description="the token could not be verified; sign in again to get a new one"/,
    );
  });

  test.each<[string, () => string | Promise<string>]>([
    ['for another audience', () => sign({ ...usual, aud: 'the-shop' })],
    ['of another issuer', () => sign({ ...usual, iss: 'the-shop' })],
    ['without an expiry', () => sign({ ...usual, exp: undefined })],
    ['without a subject', () => sign({ ...usual, sub: undefined })],
    ['not valid yet', () => sign({ ...usual, nbf: inSeconds(61) })],
    ['whose subject is empty', () => sign({ ...usual, sub: '' })],
    ['whose subject contains NUL', () => sign({ ...usual, sub: 'yuki\0' })],
    ['with the algorithm none', () => unsigned(usual)],
    ['with another HMAC', () => sign(usual, new Uint8Array([...hmac, ...hmac]), { alg: 'HS512' })],
    ['that is not a JWT', () => 'xyzzy'],
    ['with a space', async () => `${await sign(usual)} ${await sign(usual)}`],
  ])('a token %s is rejected', async (_what, token) => {
    await using app = await serveApp();
    const refused = await refusal(await ask(app, { authorization: `Bearer ${await token()}` }));
    expect(refused).toMatchObject({ status: 401, challenge: expect.stringContaining('error="invalid_token"') });
  });

  test('admin routes reject other users', async () => {
    await using app = await serveApp({ expiringContent: async () => [] });
    const path = `${app.url}/api/admin/provenance/expiring`;
    expect((await fetch(path)).status).toBe(401);
    expect((await refusal(await fetch(path, { headers: await bearer() }))).status).toBe(403);
    expect((await fetch(path, { headers: await bearer({ role: 'admin' }) })).status).toBe(200);
  });
});

describe('with the keys of an LMS', () => {
  let keys: { privateKey: CryptoKey; publicKey: CryptoKey };
  let jwk: JWK;

  beforeAll(async () => {
    keys = await generateKeyPair('RS256', { extractable: true });
    jwk = { ...(await exportJWK(keys.publicKey)), kid: 'of-2026', alg: 'RS256', use: 'sig' };
  });

  async function withLms(answer: () => { status: number; body: unknown }) {
    const lms = createServer((_req, res) => {
      const { status, body } = answer();
      res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(lms, 'listening');
    const jwksUrl = `http://127.0.0.1:${(lms.address() as AddressInfo).port}/jwks.json`;
    const timed: string[] = [];
    const app = await serveApp({
      measureAuthentication: (seconds, result) => timed.push(seconds > 0 ? result : 'in no time'),
      settings: { auth: { issuer: usual.iss, audience: usual.aud, keys: { jwksUrl } }, rateLimitPerMinute: 100 },
    });
    return {
      app,
      timed,
      async [Symbol.asyncDispose]() {
        await app[Symbol.asyncDispose]();
        lms.closeAllConnections();
        lms.close();
      },
    };
  }

  const good = () => ({ status: 200, body: { keys: [jwk] } });
  const withKey = (claims = usual, header = {}) =>
    sign(claims, keys.privateKey, { alg: 'RS256', kid: 'of-2026', ...header });

  test('a token signed by the LMS is accepted', async () => {
    await using served = await withLms(good);
    expect((await ask(served.app, { authorization: `bearer ${await withKey()}` })).status).toBe(200);
  });

  test.each<[string, () => Promise<string>]>([
    [
      'signed with the public key as an HMAC secret',
      async () =>
        sign(usual, new TextEncoder().encode(await exportSPKI(keys.publicKey)), { alg: 'HS256', kid: 'of-2026' }),
    ],
    ['signed with the development secret', () => sign(usual, hmac)],
    [
      'signed with a key that the LMS does not publish',
      async () => sign(usual, (await generateKeyPair('RS256')).privateKey, { alg: 'RS256', kid: 'of-2025' }),
    ],
    [
      'signed with a foreign key and a known key id',
      async () => sign(usual, (await generateKeyPair('RS256')).privateKey, { alg: 'RS256', kid: 'of-2026' }),
    ],
    ['with the algorithm none', async () => unsigned(usual)],
  ])('a token %s is rejected', async (_what, token) => {
    await using served = await withLms(good);
    expect(await refusal(await ask(served.app, { authorization: `Bearer ${await token()}` }))).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('error="invalid_token"'),
    });
  });

  test('while the keys are unavailable, requests get 503, not 401', async () => {
    let unavailable = true;
    await using served = await withLms(() => (unavailable ? { status: 500, body: {} } : good()));
    const authorization = `Bearer ${await withKey()}`;
    const refused = await ask(served.app, { authorization });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refusal(refused)).toMatchObject({ status: 503 });
    unavailable = false;
    expect((await ask(served.app, { authorization })).status).toBe(200);
  });

  test('the authentication of each question is measured with its result: ok, refused or failed', async () => {
    let unavailable = true;
    await using served = await withLms(() => (unavailable ? { status: 500, body: {} } : good()));
    const authorization = `Bearer ${await withKey()}`;
    await ask(served.app, { authorization });
    unavailable = false;
    await ask(served.app, { authorization });
    await ask(served.app, { authorization: `Bearer ${await sign(usual, hmac)}` });
    await ask(served.app, {});
    await fetch(`${served.app.url}/api/ai/dialogues`, { headers: { authorization } });
    expect(served.timed).toEqual(['failed', 'ok', 'refused', 'refused']);
  });
});

describe('with the cookie', () => {
  const cookie = async () => `theme=dark; rag_token=${await sign(usual)}`;

  test('requests with the cookie are accepted from our own pages only', async () => {
    await using app = await serveApp();
    const own = { cookie: await cookie(), origin: app.url };
    expect((await ask(app, own)).status).toBe(200);
    expect((await ask(app, { cookie: await cookie(), 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: app.url, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await refusal(await ask(app, { cookie: await cookie(), ...headers }))).status).toBe(403);
    }
  });

  test('GET requests with the cookie need no origin', async () => {
    await using app = await serveApp({ history: async () => [] });
    const response = await fetch(`${app.url}/api/ai/dialogues`, { headers: { cookie: await cookie() } });
    expect(await response.json()).toEqual({ dialogues: [], next: null });
  });
});
