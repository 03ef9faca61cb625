/** Brings the database's tables to the version that migrations/ describes. */

import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { lackingLmsColumns } from './lacking-lms-columns.ts';

export type MigrateOptions = {
  direction?: 'up' | 'down';
  /** How many; absent: all upwards, one downwards. */
  count?: number;
  directory?: string;
};

export class MigrationError extends Error {}

const lockWaitMs = 120_000;
const committed = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * All pending migrations in one transaction: all or none. Two programs may do it at once; the second finds nothing to do.
 * Needs an owner of the schema, no superuser, and a connection that is not pooled by transaction (a session lock is held).
 * @returns names of the migrations that ran, in order
 * @throws {MigrationError} that names the migration, or what keeps all of them from running
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'rag migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {}); // a connection lost between statements also fails the next statement
  await client.connect().catch((cause: unknown) => {
    throw new MigrationError(unreachable(client, cause), { cause });
  });
  try {
    // A table that is busy stops the migration rather than all who queue behind it.
    await client.query("set lock_timeout = '10s'");
    if (options.direction !== 'down') await refuseForeignTables(client);
    return await whenUnlocked(() => runAll(client, options));
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

/** Every question would fail later; here it can still be told what to do. */
async function refuseForeignTables(client: pg.Client): Promise<void> {
  const lacking = await lackingLmsColumns(client);
  if (lacking.length === 0) return;
  throw new MigrationError(
    `This database has tables of other programs under names that are needed here; they lack ${lacking.join(', ')}. ` +
      'Add these columns, or let DATABASE_URL name a database of its own. Nothing was changed.',
  );
}

async function runAll(client: pg.Client, options: MigrateOptions): Promise<string[]> {
  let current = '';
  const note = (line: string) => {
    current = /### MIGRATION (\S+) /.exec(line)?.[1] ?? current;
  };
  try {
    const done = await runner({
      dbClient: client,
      dir: options.directory ?? committed,
      direction: options.direction ?? 'up',
      ...(options.count === undefined ? {} : { count: options.count }),
      migrationsTable: 'pgmigrations',
      advisoryLockMode: 'fail',
      singleTransaction: true,
      logger: { info: note, warn: () => {}, error: () => {} },
    });
    return done.map(({ name }) => name);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (isLocked(cause)) throw cause;
    const subject = current === '' ? 'The migrations' : `Migration ${current} (${options.direction ?? 'up'})`;
    throw new MigrationError(`${subject} failed, and nothing was changed: ${reason}`, { cause });
  }
}

/** node-pg-migrate can wait for its lock itself, but its waiting statement deadlocks with `create index concurrently`. */
async function whenUnlocked<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + lockWaitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (performance.now() > giveUpAt) {
        throw new MigrationError('Another program has been migrating this database for two minutes. See pg_locks.', {
          cause: error,
        });
      }
    }
    await pause(50 + Math.random() * 100);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Another migration is already running');
}
