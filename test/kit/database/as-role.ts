/** Runs SQL as a role, optionally for a user. */
import type pg from 'pg';
import { afterAll } from 'vitest';
import { connect, type Role } from '../../../services/postgres/client/connect.ts';
import { asUser } from '../../../services/postgres/client/transaction.ts';

type AsRole = {
  readonly pool: pg.Pool;
  /** @returns the rows and the number of found or changed rows */
  readonly run: (sql: string, values?: unknown[], userId?: string) => Promise<{ rows: unknown[]; count: number }>;
};

/** Call it at the top of a test file. */
export function asRole(url: string, role: Role): AsRole {
  const pool = connect(url, { name: role, role, max: 2, pipeline: true });
  afterAll(() => pool.end());
  return {
    pool,
    run: async (sql, values = [], userId) => {
      const { rows, rowCount } = await (userId === undefined
        ? pool.query(sql, values)
        : asUser(pool, userId, (client) => client.query(sql, values)));
      return { rows, count: rowCount ?? 0 };
    },
  };
}
