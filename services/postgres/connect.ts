/** Opens a pool of connections whose values mean the same everywhere in this project. */
import pg from 'pg';

/** For those who may not import pg. */
export type Pool = pg.Pool;

export type ConnectOptions = {
  /** Shown in pg_stat_activity. */
  name: string;
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
    types: { getTypeParser },
  });
  // Without a listener, a server that restarts ends the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  // The same for a connection that breaks while it is checked out: its query fails too, and that is where it is handled.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
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
