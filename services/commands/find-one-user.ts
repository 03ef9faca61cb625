/** Finds the user that the operator named. */
import type { Pool } from '../postgres/client/connect.ts';
import { type FoundUser, findUsers } from '../postgres/dialogues/users.ts';
import { parseUserName } from './user-name.ts';

/** @throws {Error} for an invalid name, no match, or several matches */
export async function findOneUser(pool: Pool, name: string): Promise<FoundUser> {
  const found = await findUsers(pool, parseUserName(name, 'USER'));
  const [user, ...others] = found;
  if (user === undefined) throw new Error('no such user; nothing is recorded about them');
  if (others.length > 0) {
    throw new Error(
      `several users have this e-mail address; pass one of these ids instead: ${found.map(({ id }) => id).join(', ')}`,
    );
  }
  return user;
}
