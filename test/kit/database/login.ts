/** Creates a login with roles and no other privileges, like an operator does. */
import { randomUUID } from 'node:crypto';
import { onCleanup } from '../cleanup.ts';
import { queryRows } from './query-rows.ts';
import type { TestDatabase } from './test-database.ts';

/**
 * Dropped after the test or the file.
 * @returns the database URL of the login
 */
export async function makeLogin(db: TestDatabase, roles: readonly string[]): Promise<string> {
  const name = `login_${randomUUID().replaceAll('-', '')}`;
  await queryRows(db.superuserUrl, `create role ${name} login noinherit password 'secret'`);
  onCleanup(() => queryRows(db.superuserUrl, `drop role ${name}`));
  for (const role of roles) await queryRows(db.superuserUrl, `grant ${role} to ${name}`);
  const url = new URL(db.url);
  url.username = name;
  url.password = 'secret';
  return url.href;
}
