import { expect, test } from 'vitest';
import { startIdentityServer } from '../../../test/kit/servers/identity-server.ts';
import { checkIdentity } from './check-identity.ts';

test('keys that can be fetched are counted, and without a provider the check is off', async () => {
  await using provider = await startIdentityServer();
  expect(await checkIdentity({ issuer: 'the-lms', jwksUrl: provider.jwksUrl })).toEqual({
    state: 'ok',
    detail: '1 key to verify tokens',
  });
  expect(await checkIdentity({ issuer: 'the-lms', jwksUrl: undefined })).toMatchObject({ state: 'off' });
});

test.each([
  [{ status: 404 }, /the answer was 404/, /check AUTH_JWKS_URL/],
  [{ status: 301, headers: { location: '/x' } }, /redirects/, /set AUTH_JWKS_URL to the address/],
  [{ status: 200, body: '<html>' }, /not a JSON Web Key Set/, /check AUTH_JWKS_URL/],
  [{ status: 200, body: '{"keys":[{"kty":"RSA","use":"enc"}]}' }, /none that signs/, /check AUTH_JWKS_URL/],
])('%j is reported with what to do', async (answer, detail, fix) => {
  await using provider = await startIdentityServer();
  provider.answerWith(answer);
  expect(await checkIdentity({ issuer: 'the-lms', jwksUrl: provider.jwksUrl })).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(detail),
    fix: expect.stringMatching(fix),
  });
});

test('a provider that calls itself by another name, such as with a slash, is reported', async () => {
  await using provider = await startIdentityServer();
  provider.describeAs(`${provider.origin}/`);
  const settings = { issuer: provider.origin, jwksUrl: provider.jwksUrl };
  expect(await checkIdentity(settings)).toMatchObject({
    state: 'failed',
    detail: `the identity provider calls itself ${provider.origin}/, so its tokens are refused`,
    fix: 'set AUTH_ISSUER to that',
  });
  expect(await checkIdentity({ ...settings, otherIssuers: [`${provider.origin}/`] })).toMatchObject({ state: 'ok' });
});

test('an unreachable provider is reported', async () => {
  const provider = await startIdentityServer();
  await provider.stop();
  expect(await checkIdentity({ issuer: 'the-lms', jwksUrl: provider.jwksUrl })).toMatchObject({
    detail: 'the keys of the identity provider cannot be fetched (ECONNREFUSED)',
    fix: 'check AUTH_JWKS_URL and that the server is running',
  });
});
