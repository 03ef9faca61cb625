import { describe, expect, test } from 'vitest';
import { serveApp } from '../../../test/kit/programs/serve-app.ts';
import { type IdentityServer, startIdentityServer } from '../../../test/kit/servers/identity-server.ts';
import { problemDocument } from '../api/problem.ts';

const claims = { iss: 'https://id.example', aud: 'rag', sub: 'yuki' };
const minute = 60_000;

/** Serves the API with the keys of a provider and a clock that the test moves. */
async function withProvider(provider: IdentityServer) {
  let now = 1_000_000;
  const app = await serveApp({
    clock: () => now,
    history: async () => [],
    settings: {
      auth: { issuer: claims.iss, audience: claims.aud, keys: { jwksUrl: provider.jwksUrl } },
    },
  });
  return {
    app,
    pass: (ms: number) => {
      now += ms;
    },
    ask: async (token: string) => {
      const response = await fetch(`${app.url}/api/ai/dialogues`, { headers: { authorization: `Bearer ${token}` } });
      return response.status;
    },
    refusal: async (token: string) => {
      const response = await fetch(`${app.url}/api/ai/dialogues`, { headers: { authorization: `Bearer ${token}` } });
      const { detail } = problemDocument.parse(await response.json());
      const logged = app.log.findLast(({ message }) => message === 'a token was refused');
      return { status: response.status, detail, logged, challenge: response.headers.get('www-authenticate') };
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

test.each(['RS256', 'PS384', 'ES256', 'ES512', 'EdDSA'])('%s signatures are accepted', async (alg) => {
  await using provider = await startIdentityServer(alg);
  await using served = await withProvider(provider);
  expect(await served.ask(await provider.sign(claims))).toBe(200);
});

test('a new key is accepted at once, also under the id of the old one and without an id', async () => {
  await using provider = await startIdentityServer();
  await using served = await withProvider(provider);
  expect(await served.ask(await provider.sign(claims))).toBe(200);
  await provider.rotate();
  expect(await served.ask(await provider.sign(claims))).toBe(200);
  await provider.rotate('RS256', { kid: 'key-2' });
  expect(await served.ask(await provider.sign(claims))).toBe(200);
  await provider.rotate('RS256', { kid: null });
  expect(await served.ask(await provider.sign(claims))).toBe(200);
});

test('a key that the provider withdrew is refused after ten minutes', async () => {
  await using provider = await startIdentityServer();
  await using served = await withProvider(provider);
  const token = await provider.sign(claims);
  expect(await served.ask(token)).toBe(200);
  await provider.rotate();
  served.pass(11 * minute);
  expect(await served.ask(token)).toBe(401);
});

describe('while the keys cannot be fetched', () => {
  test.each<[string, (provider: IdentityServer) => void | Promise<void>]>([
    ['the provider is unreachable', (provider) => provider.stop()],
    ['it answers 500', (provider) => provider.answerWith({ status: 500 })],
    ['it answers with a page', (provider) => provider.answerWith({ status: 200, body: '<html>' })],
    ['it publishes no keys', (provider) => provider.answerWith({ status: 200, body: '{"keys":[]}' })],
    ['it redirects', (provider) => provider.answerWith({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })],
    ['it sends more than a megabyte', (provider) => provider.answerWith({ status: 200, body: ' '.repeat(1_100_000) })],
  ])('the last good ones stay in use for 24 hours: %s', async (_what, fail) => {
    await using provider = await startIdentityServer();
    await using served = await withProvider(provider);
    const token = await provider.sign(claims);
    expect(await served.ask(token)).toBe(200);
    await fail(provider);
    served.pass(5 * 60 * minute);
    expect(await served.ask(token)).toBe(200);
    expect(served.app.log.map(({ message }) => message)).toContain(
      'keys could not be fetched: the last ones stay in use',
    );
    served.pass(20 * 60 * minute);
    expect(await served.ask(token)).toBe(503);
  });
});

test('made-up key ids and forged signatures cause at most five fetches in a row', async () => {
  await using provider = await startIdentityServer();
  await using other = await startIdentityServer();
  await using served = await withProvider(provider);
  const good = await provider.sign(claims);
  expect(await served.ask(good)).toBe(200);
  for (let count = 0; count < 30; count += 1) {
    const forged = await other.sign(claims, { kid: count % 2 === 0 ? `made-up-${count}` : 'key-1' });
    expect(await served.ask(forged)).toBe(401);
  }
  expect(provider.fetches()).toBeLessThanOrEqual(6);
  expect(await served.ask(good)).toBe(200);
  await provider.rotate();
  served.pass(11_000);
  expect(await served.ask(await provider.sign(claims))).toBe(200);
});

describe('the log says why a token was refused, and the client what to do', () => {
  const soon = () => Math.floor(Date.now() / 1000);

  test.each<[string, Record<string, unknown>, Record<string, unknown>, RegExp]>([
    ['another issuer', { iss: 'https://id.example/' }, { issuer: 'https://id.example/' }, /Sign in|sign in at/],
    ['another audience', { aud: ['a', 'b'] }, { audience: ['a', 'b'] }, /another audience/],
    ['an expired token', { exp: 1_000_000_000 }, { reason: 'expired' }, /get a new one/],
    ['a token of the future', { nbf: soon() + 900 }, { reason: expect.stringContaining('clocks') }, /clock/],
    ['no subject', { sub: undefined }, { reason: 'the claim sub is missing (SUBJECT_CLAIM)' }, /operator/],
  ])('%s', async (_what, changed, fields, advice) => {
    await using provider = await startIdentityServer();
    await using served = await withProvider(provider);
    const refused = await served.refusal(await provider.sign({ ...claims, ...changed }));
    expect(refused).toMatchObject({ status: 401, logged: { fields: expect.objectContaining(fields) } });
    expect(refused.detail).toMatch(advice);
    expect(refused.challenge).toContain('error="invalid_token"');
  });

  test('a client without a valid signature learns nothing of the reason, the log has it', async () => {
    await using provider = await startIdentityServer();
    await using other = await startIdentityServer();
    await using served = await withProvider(provider);
    const tokens = [
      [await other.sign(claims, { kid: 'key-1' }), /signature is wrong/],
      [await other.sign({ ...claims, iss: 'x' }, { kid: 'unknown' }), /key is not among/],
      ['v2.local.opaque', /malformed/],
      ['opaque-token', /opaque/],
      ['a.b.c.d.e', /encrypted/],
    ] as const;
    const details = new Set<string>();
    for (const [token, reason] of tokens) {
      const refused = await served.refusal(token);
      details.add(refused.detail);
      expect(refused.logged?.fields.reason).toMatch(reason);
    }
    expect([...details]).toEqual(['The token could not be verified; sign in again to get a new one.']);
  });
});
