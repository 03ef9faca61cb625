import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleLearnerId } from '../../http/auth/development-token.ts';
import { createVerifyToken } from '../../http/auth/verify-token.ts';
import { developmentSecret } from '../../runtime/development-secret.ts';
import { makeToken } from './token.ts';

let dataDir: string;
const auth = { issuer: 'the-lms', audience: 'rag-observatory', jwksUrl: undefined };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'token-'));
});

afterEach(() => rm(dataDir, { recursive: true }));

test('the default token is for the sample learner, valid for a day, and accepted by the server', async () => {
  const now = new Date();
  const token = await makeToken({}, { dataDir, auth }, now);
  const settings = { ...auth, keys: { developmentSecret: developmentSecret(dataDir) } };
  const verify = createVerifyToken(settings, () => 0, { onRefused: () => {}, onKeysUnavailable: () => {} });
  expect(await verify(token)).toMatchObject({ userId: sampleLearnerId, email: null, role: 'learner', groups: [] });
  const { iat = 0, exp = 0 } = decodeJwt(token);
  expect([iat, exp - iat]).toEqual([Math.floor(now.getTime() / 1000), 86_400]);
  expect((await stat(join(dataDir, 'development-secret'))).mode & 0o777).toBe(0o600);
});

test('an e-mail address always maps to the same user, in any case, and different addresses to different users', async () => {
  const claims = async (user: string) =>
    decodeJwt(await makeToken({ user, role: 'admin' }, { dataDir, auth }, new Date()));
  const yuki = await claims('Yuki@Example.com ');
  expect(yuki).toMatchObject({ email: 'yuki@example.com', role: 'admin' });
  expect(yuki.sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  expect((await claims('yuki@example.com')).sub).toBe(yuki.sub);
  expect((await claims('ken@example.com')).sub).not.toBe(yuki.sub);
  const id = '7c9d8a51-6c1f-4c57-9a51-2f6f0b7c9d43';
  expect(await claims(id.toUpperCase())).toMatchObject({ sub: id });
});

test('an invalid user, and a server whose tokens the LMS signs, are rejected', () => {
  expect(() => makeToken({ user: 'yuki' }, { dataDir, auth }, new Date())).toThrow(/--user/);
  const withLms = { ...auth, jwksUrl: 'http://127.0.0.1:9/jwks.json' };
  expect(() => makeToken({}, { dataDir, auth: withLms }, new Date())).toThrow(/AUTH_JWKS_URL/);
});
