/** Parses how an operator names a user, by e-mail address or UUID, and finds that user. */
import { v5 as uuidv5 } from 'uuid';
import type { Pool } from '../../postgres/client/connect.ts';
import { type FoundUser, findUsers } from '../../postgres/dialogues/users.ts';

/** Makes the id of an e-mail address the same each time. */
const userNamespace = '0d5a3b1e-6c1f-4c57-9a51-2f6f0b7c9d43';

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const emailPattern = /^[^\s@\0]+@[^\s@\0]+$/;

/**
 * @param option the name of the option or argument, for the error message
 * @returns the id; for an address, the one that `cli -- token` uses
 * @throws {Error} if it is neither
 */
export function parseUserName(text: string, option: string): { id: string; email?: string } {
  const name = text.trim().toLowerCase();
  if (uuidPattern.test(name)) return { id: name };
  if (name.length <= 254 && emailPattern.test(name)) return { id: uuidv5(name, userNamespace), email: name };
  throw new Error(`${option}: must be an e-mail address or a UUID`);
}

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
