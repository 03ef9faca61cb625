/** Remembers for a minute that a user's row exists, so that not every question has to check it in the database. */
import { Problem } from '../api/problem.ts';

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
  const seen = new Map<string, number>();
  async function ensure(user: User): Promise<void> {
    const at = clock();
    const last = seen.get(user.id);
    // The entry expires because another server may erase the user while the token is valid.
    if (last !== undefined && at - last < lifetimeMs) return;
    if ((await ensureUser(user)) === 'refused') throw new Problem('account-missing');
    seen.delete(user.id);
    seen.set(user.id, at);
    const [oldest] = seen.keys();
    if (seen.size > capacity && oldest !== undefined) seen.delete(oldest);
  }
  return { ensureUser: ensure, forget: (userId) => void seen.delete(userId) };
}
