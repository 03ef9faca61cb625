import { describe, expect, test } from 'vitest';
import { type ClaimNames, readIdentity, userIdOf, usualClaims } from './claims.ts';

const uuid = '7C9D8A51-6C1F-4C57-9A51-2F6F0B7C9D43';
const urlRoles = 'https://purl.imsglobal.org/spec/lti/claim/roles';

function read(
  payload: Record<string, unknown>,
  claims: Partial<ClaimNames> = {},
  roleMap: { from: string; to: string }[] = [],
) {
  const user = readIdentity(
    { iss: 'https://a.example', sub: uuid, ...payload },
    { claims: { ...usualClaims, ...claims }, roleMap },
  );
  if ('badSubject' in user) throw new Error(user.badSubject);
  return user;
}

function refusal(sub: unknown): string {
  const user = readIdentity({ iss: 'https://a.example', sub: sub as string }, { claims: usualClaims, roleMap: [] });
  return 'badSubject' in user ? user.badSubject : 'accepted';
}

describe('the subject', () => {
  test('a UUID stays, in lower case', () => {
    expect(read({}).userId).toBe(uuid.toLowerCase());
  });

  test('any other form becomes a UUIDv5 that never changes', () => {
    expect(userIdOf('auth0|5f7c', 'https://a.example/')).toBe('02b9b7cf-5351-5e00-80e3-f1bb1edf4041');
    expect(read({ sub: 42 }).userId).toBe(read({ sub: '42' }).userId);
  });

  test.each(['auth0|5f7c1e', 'yuki@example.com', '2', '山田', 'CN=Yuki, OU=Ed', 'AAAA-_bbb', '0'])(
    '%s is accepted, and other issuers mean another user by it',
    (sub) => {
      const ours = read({ sub }).userId;
      expect(ours).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(read({ sub, iss: 'https://b.example' }).userId).not.toBe(ours);
    },
  );

  test('issuer and subject cannot be shifted against each other', () => {
    expect(userIdOf('bc', 'a')).not.toBe(userIdOf('c', 'ab'));
  });

  test.each([
    [undefined, 'is missing'],
    [null, 'is missing'],
    ['', 'is empty'],
    ['  ', 'is empty'],
    [true, 'is neither text nor a number'],
    [{ id: 1 }, 'is neither text nor a number'],
    [['a', 'b'], 'is neither text nor a number'],
    // biome-ignore lint/correctness/noPrecisionLoss: it is the point
    [12345678901234567890, 'is a number that JSON cannot carry exactly'],
    [1.5, 'is a number that JSON cannot carry exactly'],
    ['a\0b', 'contains characters that cannot be stored'],
    ['x'.repeat(1_001), 'is longer than 1000 characters'],
  ])('%j is refused: it %s', (sub, why) => {
    expect(refusal(sub)).toContain(why);
  });

  test('it is read from the configured claim, nested ones included', () => {
    expect(read({ ext: { person: { id: 7 } } }, { subject: ['ext.person.id'] }).userId).toBe(
      userIdOf('7', 'https://a.example'),
    );
    expect(read({ oid: uuid }, { subject: ['missing', 'oid'] }).userId).toBe(uuid.toLowerCase());
  });
});

describe('roles', () => {
  test.each<[string, Record<string, unknown>, Partial<ClaimNames>, string]>([
    ['a text', { role: 'teacher' }, {}, 'teacher'],
    ['a list with one role', { role: ['teacher'] }, {}, 'teacher'],
    ['a list in which admin is not first', { role: ['teacher', 'admin'] }, {}, 'admin'],
    ['a text with blanks of a claim named by the operator', { roles: 'teacher admin' }, { roles: ['roles'] }, 'admin'],
    [
      'a path into an object',
      { realm_access: { roles: ['offline_access', 'admin'] } },
      { roles: ['realm_access.roles'] },
      'admin',
    ],
    [
      'a path through a key with dots',
      { resource_access: { 'rag.app': { roles: ['admin'] } } },
      { roles: ['resource_access.rag.app.roles'] },
      'admin',
    ],
    ['a URL', { [urlRoles]: ['admin'] }, { roles: [urlRoles] }, 'admin'],
    ['a path behind a URL', { 'https://a.b/c': { d: ['admin'] } }, { roles: ['https://a.b/c.d'] }, 'admin'],
    ['several claims', { role: 'teacher', groups: ['admin'] }, { roles: ['role', 'groups'] }, 'admin'],
    ['keys of an object', { roles: { admin: { '1': 'x' } } }, { roles: ['roles'] }, 'admin'],
    ['none', {}, {}, 'learner'],
    ['a role that only contains the word admin', { role: 'course admin' }, {}, 'course admin'],
    ['keys that are false', { roles: { admin: false } }, { roles: ['roles'] }, 'learner'],
    ['a claim inherited by every object', {}, { roles: ['constructor.name'] }, 'learner'],
  ])('of %s', (_what, payload, claims, role) => {
    expect(read(payload, claims).role).toBe(role);
  });

  const map = [
    { from: 'http://x/membership#Administrator', to: 'admin' },
    { from: 'http://x/membership#Instructor', to: 'teacher' },
  ];

  test('the first mapped role that a user has counts, and unmapped roles grant nothing', () => {
    expect(read({ role: ['http://x/membership#Instructor', 'http://x/membership#Administrator'] }, {}, map).role).toBe(
      'admin',
    );
    expect(read({ role: ['http://x/membership#Instructor'] }, {}, map).role).toBe('teacher');
    expect(read({ role: ['admin', 'Administrator'] }, {}, map).role).toBe('learner');
  });
});

describe('other claims', () => {
  test.each([
    { email: 'a\0b' },
    { email: 7.5, name: {}, groups: 'x'.repeat(300) },
    { role: { a: null }, groups: [{ id: 1 }, null, '', '  '] },
    { role: [], groups: null, email: '\ud800' },
  ])('in an odd form lock no user out: %j', (odd) => {
    expect(read(odd)).toMatchObject({ userId: uuid.toLowerCase(), email: null, role: 'learner', groups: [] });
  });

  test('groups of several claims are joined, numbers included', () => {
    expect(
      read({ groups: ['/math', '/art'], context: { id: 77 } }, { groups: ['groups', 'context.id'] }).groups,
    ).toEqual(['/math', '/art', '77']);
    expect(read({ groups: ['Year 1, north'] }).groups).toEqual(['Year 1, north']);
    expect(read({ groups: 'staff only' }).groups).toEqual(['staff only']);
  });

  test('the tenant is read only where its claim is configured', () => {
    expect(read({ tid: 'school-7' }).tenant).toBeNull();
    expect(read({ tid: 'school-7' }, { tenant: ['org', 'tid'] }).tenant).toBe('school-7');
  });
});
