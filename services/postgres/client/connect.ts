/** Opens connection pools with common type parsing, timeouts and roles. */
import pg from 'pg';

/** For files outside postgres/, which must not import pg. */
export type Pool = pg.Pool;
/** A connection that may be in a transaction. */
export type Client = pg.ClientBase;

/** The database roles; docs/roles.md lists their rights. */
export type Role = 'rag_app' | 'rag_recorder' | 'rag_worker' | 'rag_auditor';

/** The roles that each program's login takes. */
export const programRoles = {
  chat: ['rag_app', 'rag_recorder', 'rag_auditor'],
  worker: ['rag_worker'],
} as const satisfies Record<string, readonly Role[]>;

/** The login may not take a role that its program needs. */
export class RoleNotGranted extends Error {
  /** The message is our own and quotes no user text, so it may be logged. */
  get safeMessage(): string {
    return this.message;
  }
}

export type ConnectOptions = {
  /** Shown in pg_stat_activity. */
  name: string;
  /** Set on each new connection; absent: the login's own rights. */
  role?: Role;
  /** Sends statements without waiting for earlier results: one round trip for independent statements. */
  pipeline?: boolean;
  /** Maximum number of connections. */
  max?: number;
  /** A statement that takes longer fails, and its connection is closed. Milliseconds. */
  statementTimeoutMs?: number;
  /** Called for idle connections that are lost; the pool replaces them. */
  onIdleError?: (error: Error) => void;
};

/**
 * - `bigint` (counts) and `numeric` (yen, rates, scores) are parsed to numbers. Costs are summed in SQL, exactly; the
 *   widest column, numeric(16, 6), fits a double to its last digit below nine billion yen. A bigint above 2^53 throws.
 * - `date` stays `YYYY-MM-DD`: it is a day in Asia/Tokyo, which a Date in the process's time zone would shift.
 * - `timestamptz` is parsed to a Date, `jsonb` to its value. Timeouts are enforced by the client, not by startup
 *   parameters, which poolers such as PgBouncer reject. A connection fails with {@link RoleNotGranted} if its login may
 *   not take the role. Poolers must be in session mode, which `requireSessions` checks.
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
  // Without a listener, a server restart would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  // The same for a connection lost while checked out; its query fails as well, and is handled there.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function takeRole(role: Role) {
  return async (client: pg.ClientBase): Promise<void> => {
    try {
      await client.query(`set role ${role}`);
    } catch (cause) {
      // Permission denied or no such role; any other error means that the database is unavailable.
      const refused = cause instanceof pg.DatabaseError && (cause.code === '42501' || cause.code === '22023');
      if (!refused) throw cause;
      throw new RoleNotGranted(
        `The login in DATABASE_URL cannot take the role ${role} (${cause.message}). ` +
          `Run the migrations, then, as a superuser: grant ${role} to <that login>.`,
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
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint from the database exceeds 2^53');
  return value;
}
