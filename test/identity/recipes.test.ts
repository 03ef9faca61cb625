import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Requester } from '../../services/chat/retrieve.ts';
import { loadConfig } from '../../services/config.ts';
import { userIdOf } from '../../services/http/auth/claims.ts';
import { authSettings } from '../../services/wiring/auth-settings.ts';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { serveApp } from '../kit/programs/serve-app.ts';
import { startIdentityServer } from '../kit/servers/identity-server.ts';

const document = readFileSync('docs/identity.md', 'utf8');

/** The variables of a recipe as operators copy them. */
function recipe(heading: string): Record<string, string> {
  const block = document
    .split(`\n## ${heading}\n`)[1]
    ?.split('\n## ')[0]
    ?.match(/```env\n([^`]+)```/)?.[1];
  if (block === undefined) throw new Error(`docs/identity.md has no recipe for ${heading}`);
  const pairs = block
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(pairs);
}

/** Asks with a token of a provider that has the recipe's issuer; its keys come from our own server. */
async function identify(env: Record<string, string>, claims: Record<string, unknown>, alg = 'RS256') {
  await using provider = await startIdentityServer(alg);
  let seen: Requester | undefined;
  let email: string | null | undefined;
  await using app = await serveApp({
    chat: async (question) => {
      seen = question.requester;
      return answeredTurn();
    },
    ensureUser: async (user) => {
      email = user.email;
      return 'there';
    },
    settings: { auth: authSettings(loadConfig({ ...env, AUTH_JWKS_URL: provider.jwksUrl })) },
  });
  const response = await fetch(`${app.url}/api/ai/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await provider.sign(claims)}`, 'content-type': 'application/json' },
    body: '{"query":"What is RAG?"}',
  });
  return { status: response.status, user: seen, email };
}

const keycloak = {
  iss: 'https://keycloak.example/realms/school',
  aud: ['rag-observatory', 'account'],
  sub: 'f3b1c7a2-0d64-4a8e-9a7b-5c2d1e0f9a8b',
  typ: 'Bearer',
  azp: 'lms',
  scope: 'openid profile email',
  realm_access: { roles: ['default-roles-school', 'offline_access', 'teacher'] },
  resource_access: { account: { roles: ['view-profile'] } },
  preferred_username: 'yuki',
  email: 'yuki@example.com',
  groups: ['/year-1', '/math'],
};

test('Keycloak: realm and client roles, and groups', async () => {
  const env = recipe('Keycloak');
  expect(await identify(env, keycloak)).toMatchObject({
    status: 200,
    email: 'yuki@example.com',
    user: { userId: keycloak.sub, role: 'teacher', groups: ['/year-1', '/math'] },
  });
  const admin = { ...keycloak, resource_access: { 'rag-observatory': { roles: ['rag-admin'] } } };
  expect((await identify(env, admin, 'ES256')).user).toMatchObject({ role: 'admin' });
  expect((await identify(env, { ...keycloak, aud: 'account' })).status).toBe(401);
  expect((await identify(env, { ...keycloak, realm_access: { roles: ['admin'] } })).user?.role).toBe('learner');
});

test('Auth0: subjects such as auth0|…, claims with URLs as names, several audiences', async () => {
  const claims = {
    iss: 'https://school.eu.auth0.example/',
    sub: 'auth0|65a1f0c2e4b0a1',
    aud: ['https://rag.example', 'https://school.eu.auth0.example/userinfo'],
    azp: 'q1W2e3',
    scope: 'openid profile email',
    org_id: 'org_7',
    'https://rag.example/roles': ['Teacher', 'Rag Administrator'],
    'https://rag.example/email': 'yuki@example.com',
  };
  const env = recipe('Auth0');
  expect(await identify(env, claims)).toMatchObject({
    status: 200,
    email: 'yuki@example.com',
    user: { userId: userIdOf(claims.sub, claims.iss), role: 'admin', tenant: 'org_7' },
  });
  expect((await identify(env, { ...claims, iss: 'https://school.eu.auth0.example' })).status).toBe(401);
});

describe('Entra ID', () => {
  const tenant = '11111111-2222-4333-8444-555555555555';
  const client = '99999999-8888-4777-8666-555555555555';
  const oid = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
  const sub = 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ';

  test('tokens of version 2 and of version 1 mean the same user', async () => {
    const env = recipe('Entra ID');
    const v2 = {
      ver: '2.0',
      iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
      aud: client,
      ...{ oid, sub, tid: tenant, roles: ['Rag.Teacher'], preferred_username: 'yuki@example.com' },
    };
    const v1 = {
      ver: '1.0',
      iss: `https://sts.windows.net/${tenant}/`,
      aud: `api://${client}`,
      ...{ oid, sub: `${sub}x`, tid: tenant, roles: ['Rag.Teacher'], upn: 'yuki@example.com' },
    };
    for (const claims of [v2, v1]) {
      expect(await identify(env, claims)).toMatchObject({
        status: 200,
        email: 'yuki@example.com',
        user: { userId: oid, role: 'teacher', tenant },
      });
    }
    const foreign = v2.iss.replaceAll('1', '2');
    expect((await identify(env, { ...v2, iss: foreign })).status).toBe(401);
  });
});

const lti = 'https://purl.imsglobal.org/spec/lti/claim';
const vocabulary = 'http://purl.imsglobal.org/vocab/lis/v2';

function launch(claims: Record<string, unknown>) {
  return {
    nonce: '4f1e',
    [`${lti}/version`]: '1.3.0',
    [`${lti}/message_type`]: 'LtiResourceLinkRequest',
    [`${lti}/deployment_id`]: '1',
    [`${lti}/target_link_uri`]: 'https://rag.example/',
    ...claims,
  };
}

test('Moodle: numbers as subjects, roles as URNs, the course as group', async () => {
  const claims = launch({
    iss: 'https://moodle.example',
    aud: 'kD2xYp0ZbW3mQ1v',
    sub: '2',
    email: 'yuki@example.com',
    [`${lti}/roles`]: [`${vocabulary}/institution/person#Staff`, `${vocabulary}/membership#Instructor`],
    [`${lti}/context`]: { id: '77', label: 'M1', title: 'Mathematics', type: ['CourseSection'] },
    [`${lti}/tool_platform`]: { guid: 'moodle.example', product_family_code: 'moodle' },
  });
  const env = recipe('Moodle');
  expect(await identify(env, claims)).toMatchObject({
    status: 200,
    email: 'yuki@example.com',
    user: {
      userId: userIdOf('2', 'https://moodle.example'),
      role: 'teacher',
      groups: ['77'],
      tenant: 'moodle.example',
    },
  });
  const learner = { ...claims, [`${lti}/roles`]: [`${vocabulary}/membership#Learner`] };
  expect((await identify(env, learner)).user?.role).toBe('learner');
});

test('Canvas: the audience names the school, and an administrator of one course is no administrator here', async () => {
  const claims = launch({
    iss: 'https://canvas.instructure.com',
    aud: '10000000000042',
    azp: '10000000000042',
    sub: 'A445CA99-1A64-4697-9BFA-508A118245EA',
    [`${lti}/roles`]: [`${vocabulary}/membership#Administrator`],
    [`${lti}/context`]: { id: '4dde05e8ca1973bcca9bffc13e1548820eee93a3' },
    [`${lti}/custom`]: { canvas_account: 10_000_000_000_001, canvas_user_id: 5 },
  });
  const env = recipe('Canvas');
  expect(await identify(env, claims)).toMatchObject({
    status: 200,
    user: { userId: 'a445ca99-1a64-4697-9bfa-508a118245ea', role: 'teacher', tenant: '10000000000001' },
  });
  const admin = { ...claims, [`${lti}/roles`]: [`${vocabulary}/institution/person#Administrator`] };
  expect((await identify(env, admin)).user?.role).toBe('admin');
  expect((await identify(env, { ...claims, aud: '10000000000043' })).status).toBe(401);
});
