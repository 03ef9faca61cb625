/** Opens a pool of connections whose values mean the same everywhere in this project. */
import pg from 'pg';

/** For those who may not import pg. */
export type Pool = pg.Pool;

/** What a connection may do: see docs/roles.md. */
export type Role = 'rag_app' | 'rag_recorder' | 'rag_worker' | 'rag_auditor';

/** The roles that each program's login takes. */
export const programRoles = {
  chat: ['rag_app', 'rag_recorder', 'rag_auditor'],
  worker: ['rag_worker'],
} as const satisfies Record<string, readonly Role[]>;

/** Told to a person: what the login lacks. */
export class RoleRefused extends Error {
  /** Logged: the message is ours and quotes no text of users. */
  get safeMessage(): string {
    return this.message;
  }
}

export type ConnectOptions = {
  /** Shown in pg_stat_activity. */
  name: string;
  /** Taken by each connection when it is made; absent: the login's own rights. */
  role?: Role;
  /** Statements are sent without waiting for the answers to those before: one round trip for what does not depend on them. */
  pipeline?: boolean;
  /** Most connections at a time. */
  max?: number;
  /** A statement that takes longer fails, and its connection is closed. Milliseconds. */
  statementTimeoutMs?: number;
  /** Told of connections that broke while idle; the pool replaces them. */
  onIdleError?: (error: Error) => void;
};

/**
 * - `bigint` (counts) and `numeric` (yen, rates, scores) come as numbers. Sums of money are made in SQL, exactly; the
 *   widest column, numeric(16, 6), fits a double to its last digit below nine billion yen. A count beyond 2^53 throws.
 * - `date` comes as `YYYY-MM-DD`: it is a day in Asia/Tokyo, which a Date in the process's time zone would move.
 * - `timestamptz` comes as a Date, `jsonb` parsed.
 *
 * Limits are the client's own, no start-up parameters: poolers such as PgBouncer refuse those.
 *
 * A connection fails with {@link RoleRefused} where its login may not take the role. A pooler must keep the session:
 * `requireSessions` looks for others.
 */
export function connect(url: string, options: ConnectOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.name,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    query_timeout: options.statementTimeoutMs ?? 30_000,
    keepAlive: true,
    pipeline: options.pipeline ?? false,
    types: { getTypeParser },
    ...(options.role === undefined ? {} : { onConnect: takeRole(options.role) }),
  });
  // Without a listener, a server that restarts ends the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  // The same for a connection that breaks while it is checked out: its query fails too, and that is where it is handled.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function takeRole(role: Role) {
  return async (client: pg.ClientBase): Promise<void> => {
    try {
      await client.query(`set role ${role}`);
    } catch (cause) {
      // Not allowed, or there is no such role; anything else is a database that is away.
      const refused = cause instanceof pg.DatabaseError && (cause.code === '42501' || cause.code === '22023');
      if (!refused) throw cause;
      throw new RoleRefused(
        `the login of DATABASE_URL may not take the role ${role} (${cause.message}). ` +
          `Run the migrations, then as a superuser: grant ${role} to that login`,
        { cause },
      );
    }
  };
}

const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, wholeNumber],
  [pg.types.builtins.NUMERIC, Number],
  [pg.types.builtins.DATE, (text) => text],
]);

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  const own = format === 'binary' ? undefined : parsers.get(oid);
  return own ?? pg.types.getTypeParser(oid, format as 'text');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint of the database is beyond 2^53');
  return value;
}
