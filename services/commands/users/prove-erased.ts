/** Reports which data is stored about a user, table by table, and when they were erased. */

import type { Pool } from '../../postgres/client/connect.ts';
import { findUsers } from '../../postgres/dialogues/users.ts';
import { countHeldRows } from '../../postgres/erasure/held-rows.ts';
import { readKnownErasures } from '../../postgres/erasure/receipts.ts';
import { count } from '../../runtime/console.ts';
import { parseUserName } from './find-user.ts';

/**
 * @param options.withAccount also count the row in `users` and the content that the user ingested
 * @returns the exit code: 1 if any data is stored
 * @throws {Error} for an unknown e-mail address, because the user it belonged to is unknown
 */
export async function proveErased(
  name: string,
  { pool, withAccount, write }: { pool: Pool; withAccount: boolean; write: (text: string) => void },
): Promise<number> {
  const named = parseUserName(name, 'USER');
  const found = await findUsers(pool, named);
  const ids = new Set([named.id, ...found.map(({ id }) => id)]);
  let [held, erasures] = [0, 0];
  const lines: string[] = [];
  for (const id of ids) {
    const { recorded, account: kept } = await countHeldRows(pool, id);
    const known = await readKnownErasures(pool, id);
    erasures += known.length;
    held += sum(recorded) + (withAccount ? sum(kept) : 0);
    lines.push(
      `user ${id}`,
      `  recorded: ${list(recorded)}`,
      `  account: ${list(kept)}${withAccount ? '' : ' (not counted; use --with-account)'}`,
      ...known.map(({ erasedAt, number, id: receipt, account }) => {
        const what = account ? ' with the account' : '';
        return `  erased ${erasedAt.toISOString()}${what}: receipt ${number} (${receipt})`;
      }),
      ...(known.length === 0 ? ['  no erasure within the last ERASURE_REPLAY_DAYS'] : []),
    );
  }
  if (named.email !== undefined && found.length === 0 && erasures === 0 && held === 0) {
    throw new Error('no user has this e-mail address; pass the user id instead');
  }
  write(
    `${lines.join('\n')}\n${held === 0 ? 'erased: no data is stored about this user' : `not erased: ${count(held, 'row')} stored`}\n`,
  );
  return held === 0 ? 0 : 1;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([table, count]) => `${table} ${count}`)
    .join(', ');
}
