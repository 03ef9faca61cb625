/** Classifies PostgreSQL errors: unavailable, invalid data, conflicts, erased users. */
import { ServiceFailure } from '../../failure/service-failure.ts';

/** SQLSTATE codes after which a retry may succeed: connection, resources, shutdown, disk, standby, conflict. */
const unavailableStates = /^(08|53|57P0|58|25006$|40001$|40P01$|55P03$|57014$)/;
/** Data exceptions and integrity violations: the row is at fault, not the database. */
const dataErrorStates = /^(22|23)/;
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

/** Whether the database, or the network to it, is temporarily unavailable. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isUnavailable);
  const code = codeOf(error);
  if (code !== null) return unavailableStates.test(code) || networkCodes.has(code);
  // node-postgres errors without a code.
  return /connection terminated|timeout|connection ended|not queryable|client was closed/i.test(error.message);
}

/** Whether the database rejected the values. */
export function isDataError(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : null;
  return code !== null && dataErrorStates.test(code);
}

/** Whether a row with the same key exists. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === '23505';
}

/** Whether other tables prevent a deletion: by a foreign key, a missing privilege or a trigger. */
export function isDeleteBlocked(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : null;
  // PostgreSQL 18 has a code of its own for `on delete restrict`.
  return code === '23503' || code === '23001' || code === '42501' || code === 'P0001';
}

/** Our tables that a request inserts into and that reference `users`. */
const tablesOfUsers = new Set(['ai_dialogue_log', 'idempotency_key']);

/**
 * Whether the row's user was erased meanwhile: our trigger on `ai_dialogue_log` raised it, or the user's row no longer
 * exists.
 */
export function isErasedUserError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  const ofUser = 'table' in error && typeof error.table === 'string' && tablesOfUsers.has(error.table);
  return code === '23E01' || (code === '23503' && ofUser);
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/**
 * Converts the errors of an unavailable database and of an erased user to a ServiceFailure.
 * @throws {ServiceFailure} `database_unavailable`, `cancelled`; any other error unchanged
 */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isErasedUserError(error)) throw new ServiceFailure('cancelled', 'the user was erased', { cause: error });
    if (!isUnavailable(error)) throw error;
    throw new ServiceFailure('database_unavailable', 'the database is unavailable', {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
}
