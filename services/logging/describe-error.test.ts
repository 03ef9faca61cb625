import pg from 'pg';
import { expect, test } from 'vitest';
import { ServiceFailure } from '../failure/service-failure.ts';
import { RoleNotGranted } from '../postgres/client/connect.ts';
import { describeError } from './describe-error.ts';

test('a database error is described by code, table and constraint, without the values it quotes', () => {
  const error = new pg.DatabaseError('invalid input syntax for type uuid: "himitsu"', 7, 'error');
  Object.assign(error, {
    code: '23505',
    detail: 'Key (email)=(himitsu) already exists.',
    where: 'himitsu',
    table: 'users',
  });
  Object.assign(error, { constraint: 'users_email_key', parameters: ['himitsu'] });
  const described = describeError(new ServiceFailure('internal', 'record failed', { cause: error }));
  expect(described).toMatchObject({
    type: 'ServiceFailure',
    code: 'internal',
    message: 'record failed',
    cause: { code: '23505', table: 'users', constraint: 'users_email_key' },
  });
  expect(JSON.stringify(described)).not.toContain('himitsu');
});

test('a login that cannot take its role is described with the fix', () => {
  const refused = new RoleNotGranted('as a superuser: grant rag_app to that login');
  expect(describeError(refused)).toMatchObject({ message: 'as a superuser: grant rag_app to that login' });
});

test('a parser error is described by its location, not by its message', () => {
  let error: unknown;
  try {
    JSON.parse('himitsu\n    at himitsu (file:1:1)');
  } catch (caught) {
    error = caught;
  }
  const described = describeError(error);
  expect(described.type).toBe('SyntaxError');
  expect(described.frames?.[0]).toContain('describe-error.test.ts');
  expect(JSON.stringify(described)).not.toContain('himitsu');
});

test('messages of the engine and the system, which quote no user text, are included', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  expect(describeError(new AggregateError([refused]))).toMatchObject({
    errors: [{ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:5432' }],
  });
  expect(describeError(new TypeError('x is not a function')).message).toBe('x is not a function');
});

test('any thrown value can be described, even an error that is its own cause', () => {
  expect(describeError('himitsu')).toEqual({ type: 'string' });
  const loop = new Error('loop');
  loop.cause = loop;
  expect(() => JSON.stringify(describeError(loop))).not.toThrow();
});
