/** Makes a login that may take some roles and do nothing else: as an operator makes them. */
import { randomUUID } from 'node:crypto';
import { atEnd } from './at-end.ts';
import type { TestDatabase } from './database.ts';
import { queryRows } from './query-rows.ts';

/**
 * Dropped at the end of the test, or of the file.
 * @returns the database's address for it
 */
export async function makeLogin(db: TestDatabase, roles: readonly string[]): Promise<string> {
  const name = `login_${randomUUID().replaceAll('-', '')}`;
  await queryRows(db.superuserUrl, `create role ${name} login noinherit password 'secret'`);
  atEnd(() => queryRows(db.superuserUrl, `drop role ${name}`));
  for (const role of roles) await queryRows(db.superuserUrl, `grant ${role} to ${name}`);
  const url = new URL(db.url);
  url.username = name;
  url.password = 'secret';
  return url.href;
}
