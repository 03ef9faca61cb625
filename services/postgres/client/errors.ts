/** Classifies Postgres errors: unavailable, full, refused. */
import { ChatFailure } from '../../chat/failure.ts';

/** SQLSTATE classes and codes after which the same statement may succeed: connection, resources, shutdown, disk, standby, conflict. */
const awayStates = /^(08|53|57P0|58|25006$|40001$|40P01$|55P03$|57014$)/;
/** Data exceptions and integrity violations: this row, not this database. */
const refusalStates = /^(22|23)/;
const networkCodes = new Set([
  'EADDRNOTAVAIL',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/**
 * Tells a database that is away from a row that it refuses.
 * Whether the database, or the way to it, is away for now.
 */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isAway);
  const code = codeOf(error);
  if (code !== null) return awayStates.test(code) || networkCodes.has(code);
  // node-postgres gives these no code.
  return /connection terminated|timeout|connection ended|not queryable|client was closed/i.test(error.message);
}

/** Whether the database refused the values it was given. */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : null;
  return code !== null && refusalStates.test(code);
}

/** Whether a row with the same key is in the table. */
export function isThereAlready(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === '23505';
}

/** Whether a row stays because rows of other tables refer to it, others alone may delete it, or a trigger of theirs keeps it. */
export function isHeldByOthers(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : null;
  // Since PostgreSQL 18 a key that restricts has a code of its own.
  return code === '23503' || code === '23001' || code === '42501' || code === 'P0001';
}

/** Tables of ours whose rows a request adds, and that refer to `users`. */
const tablesOfUsers = new Set(['ai_dialogue_log', 'idempotency_key']);

/** Whether the row's user was erased after it began: our own trigger on `ai_dialogue_log` says so, or the user has no row. */
export function isOfErasedUser(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  const ofUser = 'table' in error && typeof error.table === 'string' && tablesOfUsers.has(error.table);
  return code === '23E01' || (code === '23503' && ofUser);
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/**
 * Turns the error of a database that is away, or of a user who is erased, into the failure that users are told of.
 * @throws {ChatFailure} `database_unavailable`, `cancelled`; any other error as it is
 */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isOfErasedUser(error)) throw new ChatFailure('cancelled', 'the user was erased meanwhile', { cause: error });
    if (!isAway(error)) throw error;
    throw new ChatFailure('database_unavailable', 'the database is away', { cause: error, retryAfterSeconds: 5 });
  }
}
