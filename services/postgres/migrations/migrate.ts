/** Migrates the database to the version in migrations/. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { requireSessions } from '../client/startup-checks.ts';
import { findBlockingConstraints } from './adoption-constraints.ts';
import { findNameConflicts } from './adoption-names.ts';
import { findIncompatibleTables } from './adoption-tables.ts';
import { findBlockedWrites } from './adoption-writes.ts';
import { FailedRun, type Run, runMigrations } from './run-migrations.ts';
import { isLockFailure, waitForLocks } from './wait-for-locks.ts';

type MigrateOptions = {
  direction?: 'up' | 'down';
  /** Number of migrations; absent: all (up), one (down). */
  count?: number;
  /** Runs all of them in one transaction: for a database without dialogues. */
  together?: boolean;
  directory?: string;
  /** How long a migration is retried while a table that it changes is locked. Milliseconds. */
  lockTimeoutMs?: number;
  /** Prints what the operator should know: moved rows, waiting for locks. */
  print?: (line: string) => void;
};

class MigrationError extends Error {}

/** The key of node-pg-migrate, so that older releases, which used its lock, are excluded too. */
const lockKey = '7241865325823964';
const otherProgramTimeoutMs = 30 * 60_000;
const defaultLockTimeoutMs = 5 * 60_000;
const committed = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * Runs each pending migration in a transaction of its own, so that its locks are brief; migrations that build indexes
 * or move rows of a large table work in steps outside a transaction. After a failure or a kill, running it again
 * continues. It is safe to run concurrently. It requires the tables' owner, who need not be a superuser, and a session
 * of its own, because it holds a session lock.
 * @returns names of the applied migrations, in order
 * @throws {MigrationError} that names the failed migration, or the problem that prevents all of them
 * @throws {TransactionPooler}
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const { print = () => {} } = options;
  const client = new pg.Client({
    connectionString: url,
    application_name: 'rag migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {}); // a lost connection also fails the next statement
  // Only notices raised by migrations: PostgreSQL itself reports every existing name.
  client.on('notice', ({ routine, message }) => {
    if (routine === 'exec_stmt_raise' && message !== undefined) print(message);
  });
  await client.connect().catch((cause: unknown) => {
    throw new MigrationError(unreachable(client, cause), { cause });
  });
  try {
    await requireSessions(url);
    // A statement timeout configured for questions would abort index builds.
    await client.query('set statement_timeout = 0; set client_min_messages = notice');
    if (options.direction !== 'down') await checkAdoption(client);
    await acquireMigrationLock(client, print);
    if (options.together) await requireNoDialogues(client);
    const ran = await runAll(client, options, print);
    if (options.direction !== 'down' && ran.length > 0) await checkWritesAsRoles(client);
    return ran;
  } finally {
    await client.end();
  }
}

function unreachable({ host, port, database }: pg.Client, cause: unknown): string {
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  return (
    `Cannot connect to the database ${database} at ${host}:${port}: ${reason}. ` +
    'Check DATABASE_URL and that the server is running. Without DATABASE_URL, an embedded server is used.'
  );
}

/** Reports incompatible tables before a migration, or later every question, fails on them. */
async function checkAdoption(client: pg.Client): Promise<void> {
  const conflicts = [
    ...(await findNameConflicts(client)),
    ...(await findIncompatibleTables(client)),
    ...(await findBlockingConstraints(client)),
  ];
  // The trial writes require compatible tables.
  const problems = conflicts.length > 0 ? conflicts : await findBlockedWrites(client);
  if (problems.length === 0) return;
  throw new MigrationError(
    [
      'Tables of other programs in this database are incompatible. Nothing was changed. Fix these problems, or point',
      'DATABASE_URL at a separate database:',
      ...problems.map((problem) => `  - ${problem}`),
    ].join('\n'),
  );
}

/** The roles created by the migrations may lack rights that the owner has. */
async function checkWritesAsRoles(client: pg.Client): Promise<void> {
  const problems = await findBlockedWrites(client);
  if (problems.length === 0) return;
  throw new MigrationError(
    [
      'The database is migrated, but answers cannot be stored in it. Fix these problems and start again:',
      ...problems.map((problem) => `  - ${problem}`),
    ].join('\n'),
  );
}

/** Polls, because a statement that waits for the lock would deadlock with `create index concurrently`. */
async function acquireMigrationLock(client: pg.Client, print: (line: string) => void): Promise<void> {
  const giveUpAt = performance.now() + otherProgramTimeoutMs;
  for (let printed = false; ; printed = true) {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${lockKey}) as mine`);
    if (rows[0]?.mine) return;
    if (!printed) print('Another program is migrating this database. Waiting for it to finish.');
    if (performance.now() > giveUpAt) {
      throw new MigrationError('Another program has been migrating this database for half an hour. See pg_locks.');
    }
    await pause(50 + Math.random() * 100);
  }
}

async function requireNoDialogues(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`select where to_regclass('ai_dialogue_log') is not null`);
  if (rows.length === 0) return;
  const { rowCount } = await client.query('select from ai_dialogue_log limit 1');
  if (rowCount === 0) return;
  throw new MigrationError(
    '--one-transaction requires a database without dialogues, because the indexes of a filled ai_dialogue_log are built ' +
      'concurrently, outside a transaction. Nothing was changed. Migrate without this option.',
  );
}

async function runAll(client: pg.Client, options: MigrateOptions, print: (line: string) => void): Promise<string[]> {
  const { direction = 'up', together = false, directory = committed, lockTimeoutMs = defaultLockTimeoutMs } = options;
  const wanted = options.count ?? (direction === 'up' ? Number.POSITIVE_INFINITY : 1);
  const ran: string[] = [];
  while (ran.length < wanted) {
    const run: Run = { directory, direction, together, count: together ? wanted : 1 };
    try {
      const done = await waitForLocks(client, () => runMigrations(client, run), {
        timeoutMs: lockTimeoutMs,
        print,
      });
      ran.push(...done);
      if (together || done.length === 0) break;
    } catch (error) {
      throw failure(error, run, ran);
    }
  }
  return ran;
}

function failure(error: unknown, { direction, together }: Run, ran: readonly string[]): unknown {
  if (!(error instanceof FailedRun)) return error;
  const { migration, online } = error;
  const message = [error.message, ...dependents(error.cause)].join(': ');
  const reason = isLockFailure(error)
    ? `a table that it changes stayed locked (${message}). ` +
      'Find out who locks it (docs/migration-guide.md, "A table stays in use") and run it again.'
    : message;
  if (together) {
    const subject = migration === null ? 'The migrations' : `Migration ${migration} (${direction})`;
    return new MigrationError(`${subject} failed. Nothing was changed: ${reason}`, { cause: error });
  }
  if (migration === null) return new MigrationError(`The migrations could not run: ${reason}`, { cause: error });
  const left = online
    ? 'Its completed steps are kept, and it continues from there when run again'
    : 'It changed nothing';
  const others = ran.length === 0 ? '' : `; applied before it: ${ran.length} migration${ran.length === 1 ? '' : 's'}`;
  return new MigrationError(`Migration ${migration} (${direction}) failed: ${reason}\n${left}${others}.`, {
    cause: error,
  });
}

/** Lists dependent objects; the details of other errors may contain rows. */
function dependents(cause: unknown): readonly string[] {
  const { code, detail } = cause as { code?: string; detail?: string };
  return code === '2BP01' && detail !== undefined ? [detail.replaceAll('\n', ', ')] : [];
}
