/** Finds the one user that an operator named, or says why there is none. */
import type { Pool } from '../postgres/client/connect.ts';
import { type FoundUser, findUsers } from '../postgres/dialogues/users.ts';
import { userNamed } from './user-name.ts';

/** @throws {Error} where the name is none, nobody has it, or more than one has */
export async function findOneUser(pool: Pool, given: string): Promise<FoundUser> {
  const found = await findUsers(pool, userNamed(given, 'USER'));
  const [user, ...others] = found;
  if (user === undefined) throw new Error('nobody of this name is in users, so nothing is recorded about them');
  if (others.length > 0) {
    throw new Error(`more than one user has this address; name one by id: ${found.map(({ id }) => id).join(', ')}`);
  }
  return user;
}
