/** The database operations of users' rights: export and erasure. Each reports an unavailable database as such. */
import type { Pool } from 'pg';
import { orUnavailable } from '../client/errors.ts';
import { eraseUser } from '../erasure/erase-user.ts';
import { exportUser } from '../erasure/export-user.ts';

/** @param deps.exportPool a separate pool, because an export holds a connection for as long as its reader takes */
export function createRightsStore({ pool, exportPool, now }: { pool: Pool; exportPool: Pool; now: () => Date }) {
  return {
    exportMe: (userId: string) => eachOrUnavailable(exportUser(exportPool, userId)),
    eraseMe: (userId: string, { account }: { account: boolean }) =>
      orUnavailable(eraseUser(pool, { userId, account, now })),
  };
}

async function* eachOrUnavailable<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (;;) {
      const next = await orUnavailable(items.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await items.return(undefined);
  }
}
