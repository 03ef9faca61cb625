import { expect, test } from 'vitest';
import { userIdOf } from '../../http/auth/claims.ts';
import { runUserId } from './user-id.ts';

test('the id is the one that tokens with this subject have, of AUTH_ISSUER unless an issuer is named', () => {
  const written: string[] = [];
  const deps = { issuer: 'https://a.example', write: (text: string) => void written.push(text) };
  runUserId('auth0|7', {}, deps);
  runUserId('auth0|7', { issuer: 'https://b.example' }, deps);
  expect(written).toEqual([
    `${userIdOf('auth0|7', 'https://a.example')}
`,
    `${userIdOf('auth0|7', 'https://b.example')}
`,
  ]);
});
