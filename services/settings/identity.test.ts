import { expect, test } from 'vitest';
import { loadConfig } from '../config.ts';

test('lists, claims, roles and origins are read', () => {
  const config = loadConfig({
    AUTH_ISSUER: 'https://a.example/v2.0, https://b.example/',
    AUTH_AUDIENCE: 'rag api://rag',
    ROLES_CLAIM: 'realm_access.roles,https://x.example/roles',
    ROLE_MAP: 'urn:a=b#Admin=admin, Course Creator=teacher',
    CORS_ORIGINS: 'https://lms.example, http://localhost:8080',
  });
  expect(config.auth).toMatchObject({
    issuer: 'https://a.example/v2.0',
    otherIssuers: ['https://b.example/'],
    audience: 'rag',
    otherAudiences: ['api://rag'],
    claims: { roles: ['realm_access.roles', 'https://x.example/roles'] },
    roleMap: [
      { from: 'urn:a=b#Admin', to: 'admin' },
      { from: 'Course Creator', to: 'teacher' },
    ],
  });
  expect(config.corsOrigins).toEqual(['https://lms.example', 'http://localhost:8080']);
});

test('a role with commas is written in JSON', () => {
  expect(loadConfig({ ROLE_MAP: '{"CN=Staff,OU=School":"teacher"}' }).auth.roleMap).toEqual([
    { from: 'CN=Staff,OU=School', to: 'teacher' },
  ]);
});

test.each([
  [{ ROLE_MAP: 'Admin' }, 'ROLE_MAP: must be pairs'],
  [{ ROLE_MAP: '{"a":1}' }, 'ROLE_MAP: must be pairs'],
  [{ CORS_ORIGINS: 'lms.example' }, 'CORS_ORIGINS.*must be origins'],
  [{ CORS_ORIGINS: 'https://lms.example/path' }, 'CORS_ORIGINS.*must be origins'],
  [{ CORS_ORIGINS: 'null' }, 'CORS_ORIGINS.*must be origins'],
  [{ AUTH_CLOCK_TOLERANCE: '9999' }, 'AUTH_CLOCK_TOLERANCE: must be a whole number'],
  [{ HTTPS_PROXY: 'socks5://proxy:1' }, 'HTTPS_PROXY: must be the URL of a proxy'],
])('%j is rejected with what is valid', (env, message) => {
  expect(() => loadConfig(env as Record<string, string>)).toThrow(new RegExp(message));
});
