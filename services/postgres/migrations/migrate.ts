/** Brings the database's tables to the version that migrations/ describes. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { requireSessions } from '../client/startup-checks.ts';
import { hindrances } from './adoption-constraints.ts';
import { namesInUse } from './adoption-names.ts';
import { unfitTables } from './adoption-tables.ts';
import { refusedChanges } from './adoption-writes.ts';
import { FailedRun, type Run, runMigrations } from './run-migrations.ts';
import { isLockFailure, waitForLocks } from './wait-for-locks.ts';

type MigrateOptions = {
  direction?: 'up' | 'down';
  /** How many; absent: all upwards, one downwards. */
  count?: number;
  /** All of them in one transaction: for a database without dialogues. */
  together?: boolean;
  directory?: string;
  /** How long a migration is tried again while a table that it changes is in use. Milliseconds. */
  patienceMs?: number;
  /** Told what an operator should know: what was moved, what is waited for. */
  say?: (line: string) => void;
};

class MigrationError extends Error {}

/** node-pg-migrate's own, so that releases which took the lock through it are kept apart too. */
const lockKey = '7241865325823964';
const othersMs = 30 * 60_000;
const defaultPatienceMs = 5 * 60_000;
const committed = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * Each pending migration in a transaction of its own, so that its locks are held shortly; those that build indexes or move
 * rows of a loaded table do so in steps outside one. What failed or was killed goes on when it is run again. Two programs
 * may do it at once; the second finds nothing to do. Needs the tables' owner, no superuser, and a connection that is not
 * pooled by transaction (a session lock is held).
 * @returns names of the migrations that ran, in order
 * @throws {MigrationError} that names the migration, or what keeps all of them from running
 * @throws {PooledByTransaction}
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const { say = () => {} } = options;
  const client = new pg.Client({
    connectionString: url,
    application_name: 'rag migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {}); // a connection lost between statements also fails the next statement
  // Only what a migration raises: PostgreSQL itself tells of every name that is there already.
  client.on('notice', ({ routine, message }) => {
    if (routine === 'exec_stmt_raise' && message !== undefined) say(message);
  });
  await client.connect().catch((cause: unknown) => {
    throw new MigrationError(unreachable(client, cause), { cause });
  });
  try {
    await requireSessions(url);
    // Limits that were set for questions would end the building of an index.
    await client.query('set statement_timeout = 0; set client_min_messages = notice');
    if (options.direction !== 'down') await refuseUnfit(client);
    await takeTurns(client, say);
    if (options.together) await refuseDialogues(client);
    const ran = await runAll(client, options, say);
    if (options.direction !== 'down' && ran.length > 0) await refuseForRoles(client);
    return ran;
  } finally {
    await client.end();
  }
}

function unreachable({ host, port, database }: pg.Client, cause: unknown): string {
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  return (
    `The database ${database} at ${host}:${port} cannot be used: ${reason}. ` +
    'Check DATABASE_URL and that the server runs; without DATABASE_URL, an embedded one is used.'
  );
}

/** A migration would fail, or every question later; here it can still be told what to do. */
async function refuseUnfit(client: pg.Client): Promise<void> {
  const unfit = [...(await namesInUse(client)), ...(await unfitTables(client)), ...(await hindrances(client))];
  // What is tried needs tables that fit.
  const problems = unfit.length > 0 ? unfit : await refusedChanges(client);
  if (problems.length === 0) return;
  throw new MigrationError(
    [
      'This database has tables of other programs that cannot be used as they are. Nothing was changed. Correct these, or',
      'let DATABASE_URL name a database of its own:',
      ...problems.map((problem) => `  - ${problem}`),
    ].join('\n'),
  );
}

/** What the owner may do, the roles that the migrations made need not be able to. */
async function refuseForRoles(client: pg.Client): Promise<void> {
  const problems = await refusedChanges(client);
  if (problems.length === 0) return;
  throw new MigrationError(
    [
      'The tables are migrated, and answers could not be kept in them. Correct this, and start again:',
      ...problems.map((problem) => `  - ${problem}`),
    ].join('\n'),
  );
}

/** node-pg-migrate can wait for its lock itself, but a statement that waits deadlocks with `create index concurrently`. */
async function takeTurns(client: pg.Client, say: (line: string) => void): Promise<void> {
  const giveUpAt = performance.now() + othersMs;
  for (let told = false; ; told = true) {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${lockKey}) as mine`);
    if (rows[0]?.mine) return;
    if (!told) say('Another program is migrating this database. Waiting until it is done.');
    if (performance.now() > giveUpAt) {
      throw new MigrationError('Another program has been migrating this database for half an hour. See pg_locks.');
    }
    await pause(50 + Math.random() * 100);
  }
}

async function refuseDialogues(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`select where to_regclass('ai_dialogue_log') is not null`);
  if (rows.length === 0) return;
  const { rowCount } = await client.query('select from ai_dialogue_log limit 1');
  if (rowCount === 0) return;
  throw new MigrationError(
    'One transaction is for a database without dialogues; ai_dialogue_log has some, and its indexes are built without ' +
      'locking it, which PostgreSQL does outside transactions only. Nothing was changed. Migrate without this option.',
  );
}

async function runAll(client: pg.Client, options: MigrateOptions, say: (line: string) => void): Promise<string[]> {
  const { direction = 'up', together = false, directory = committed, patienceMs = defaultPatienceMs } = options;
  const wanted = options.count ?? (direction === 'up' ? Number.POSITIVE_INFINITY : 1);
  const ran: string[] = [];
  while (ran.length < wanted) {
    const run: Run = { directory, direction, together, count: together ? wanted : 1 };
    try {
      const done = await waitForLocks(client, () => runMigrations(client, run), { patienceMs, say });
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
    ? `a table that it changes stayed in use (${message}). ` +
      'Find who uses it (docs/migration-guide.md, "A table stays in use") and run it again.'
    : message;
  if (together) {
    const subject = migration === null ? 'The migrations' : `Migration ${migration} (${direction})`;
    return new MigrationError(`${subject} failed, and nothing was changed: ${reason}`, { cause: error });
  }
  if (migration === null) return new MigrationError(`The migrations could not run: ${reason}`, { cause: error });
  const left = online
    ? 'What it had done so far stays, and it goes on from there when it is run again'
    : 'It changed nothing';
  const others = ran.length === 0 ? '' : `; the ${ran.length} that ran before it stay`;
  return new MigrationError(`Migration ${migration} (${direction}) failed: ${reason}\n${left}${others}.`, {
    cause: error,
  });
}

/** Other objects that hang on what goes; the details of other errors may be rows. */
function dependents(cause: unknown): readonly string[] {
  const { code, detail } = cause as { code?: string; detail?: string };
  return code === '2BP01' && detail !== undefined ? [detail.replaceAll('\n', ', ')] : [];
}
