/** Remembers for a minute that a user's row exists, so that not every question has to check it in the database. */

import { Problem } from '../api/problem.ts';
import { remember } from './remember.ts';

export type User = { readonly id: string; readonly email: string | null; readonly role: string };

/** `refused`: the table of the LMS does not accept a row with so few values. @throws {ServiceFailure} `database_unavailable` */
export type EnsureUser = (user: User) => Promise<'there' | 'refused'>;

const lifetimeMs = 60_000;
const capacity = 10_000;

export type CachedUsers = {
  /** @throws {Problem} `account-missing`, or what `EnsureUser` throws */
  readonly ensureUser: (user: User) => Promise<void>;
  /** Call it when a user's row may be gone. */
  readonly forget: (userId: string) => void;
};

/** @param clock milliseconds, monotonic */
export function cacheUsers(ensureUser: EnsureUser, clock: () => number): CachedUsers {
  // An entry expires because another server may erase the user while the token is valid.
  const seen = remember<true>({ lifetimeMs, capacity, clock });
  async function ensure(user: User): Promise<void> {
    if (seen.get(user.id)) return;
    const at = clock();
    if ((await ensureUser(user)) === 'refused') throw new Problem('account-missing');
    seen.set(user.id, true, at);
  }
  return { ensureUser: ensure, forget: seen.forget };
}
