/** Tells what is held about a user, table by table, and when they were erased. */

import type { Pool } from '../postgres/client/connect.ts';
import { findUsers } from '../postgres/dialogues/users.ts';
import { countHeldRows } from '../postgres/erasure/held-rows.ts';
import { readKnownErasures } from '../postgres/erasure/receipts.ts';
import { count } from '../runtime/console.ts';
import { userNamed } from './user-name.ts';

/**
 * @param given.withAccount the row in `users` counts too, and content that the user took in
 * @returns the exit code: 1 if anything is held
 * @throws {Error} for an address that leads to nobody: nothing can be said about whoever had it
 */
export async function proveGone(
  name: string,
  given: { pool: Pool; withAccount: boolean; write: (text: string) => void },
): Promise<number> {
  const { pool, withAccount, write } = given;
  const named = userNamed(name, 'USER');
  const found = await findUsers(pool, named);
  const ids = new Set([named.id, ...found.map(({ id }) => id)]);
  let [held, erasures] = [0, 0];
  const lines: string[] = [];
  for (const id of ids) {
    const { recorded, account } = await countHeldRows(pool, id);
    const known = await readKnownErasures(pool, id);
    erasures += known.length;
    held += sum(recorded) + (withAccount ? sum(account) : 0);
    lines.push(
      `user ${id}`,
      `  recorded: ${told(recorded)}`,
      `  account: ${told(account)}${withAccount ? '' : ' (not asked for; add --with-account)'}`,
      ...known.map(({ erasedAt, number, id: receipt, ...facts }) => {
        const what = facts.account ? ' with the account' : '';
        return `  erased ${erasedAt.toISOString()}${what}: receipt ${number} (${receipt})`;
      }),
      ...(known.length === 0 ? ['  no erasure is known of the last ERASURE_REPLAY_DAYS'] : []),
    );
  }
  if (named.email !== undefined && found.length === 0 && erasures === 0 && held === 0) {
    throw new Error('nobody in users has this address, so whose rows are meant cannot be told; name the user by id');
  }
  write(`${lines.join('\n')}\n${held === 0 ? 'gone: nothing is held' : `held: ${count(held, 'row')}`}\n`);
  return held === 0 ? 0 : 1;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function told(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([table, count]) => `${table} ${count}`)
    .join(', ');
}
