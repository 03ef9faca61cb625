/** Spares the database the question whether a user's row is there, for a minute after it was. */
import { Problem } from '../api/problem.ts';

export type User = { readonly id: string; readonly email: string | null; readonly role: string };

/** `refused`: the LMS's table takes no row that tells so little. @throws {ChatFailure} `database_unavailable` */
export type EnsureUser = (user: User) => Promise<'there' | 'refused'>;

const rememberedMs = 60_000;
const rememberedUsers = 10_000;

export type RememberedUsers = {
  /** @throws {Problem} `account-missing`, or what `EnsureUser` throws */
  readonly ensureUser: (user: User) => Promise<void>;
  /** To be told of a user whose row may be gone. */
  readonly forget: (userId: string) => void;
};

/** @param clock milliseconds, monotonic */
export function rememberUsers(ensureUser: EnsureUser, clock: () => number): RememberedUsers {
  const seen = new Map<string, number>();
  async function ensure(user: User): Promise<void> {
    const at = clock();
    const last = seen.get(user.id);
    // Not for ever: another server may erase users while their tokens live.
    if (last !== undefined && at - last < rememberedMs) return;
    if ((await ensureUser(user)) === 'refused') throw new Problem('account-missing');
    seen.delete(user.id);
    seen.set(user.id, at);
    const [oldest] = seen.keys();
    if (seen.size > rememberedUsers && oldest !== undefined) seen.delete(oldest);
  }
  return { ensureUser: ensure, forget: (userId) => void seen.delete(userId) };
}
