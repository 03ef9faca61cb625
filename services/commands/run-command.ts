/** Runs a command with its database and its exit code, until it ends or a signal stops it. */
import { createInterface } from 'node:readline/promises';
import type { Config } from '../config.ts';
import { acquireDatabase } from '../embedded-postgres/acquire-database.ts';
import { connect, type Pool, type Role } from '../postgres/client/connect.ts';
import { migrate } from '../postgres/migrations/migrate.ts';
import { listenForStop } from '../runtime/shutdown-signal.ts';

type Database = {
  /** Opens a pool with the role's rights; `owner`: with the login's own. */
  readonly connectAs: (role: Role | 'owner') => Pool;
  readonly signal: AbortSignal;
};

type CommandRunner = {
  /** Runs work on the migrated database; the signal asks it to finish early. */
  readonly withDatabase: (work: (database: Database) => Promise<number>) => Promise<void>;
  /** Runs work on the database as it is. Stops the embedded server afterwards if this command started it. */
  readonly withServer: (work: (url: string, signal: AbortSignal) => Promise<number>) => Promise<void>;
  /** Runs work without a database. */
  readonly untilStopped: (work: (signal: AbortSignal) => Promise<number>) => Promise<void>;
};

/** @param print prints progress, one line each */
export function createCommandRunner(config: Config, print: (line: string) => void): CommandRunner {
  /** The exit code is the result of `work`, or that of the signal that ended it early. */
  async function untilStopped(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
    const stop = listenForStop(config.underNpm);
    const stopping = new AbortController();
    stop.requested.then(() => stopping.abort());
    stop.forced.then(() => process.exit(1));
    const code = await work(stopping.signal);
    process.exitCode = stop.isRequested() ? await stop.requested : code;
  }

  function withServer(work: (url: string, signal: AbortSignal) => Promise<number>): Promise<void> {
    return untilStopped(async (signal) => {
      const database = await acquireDatabase(config, print);
      try {
        return await work(database.url, signal);
      } finally {
        await database.release();
      }
    });
  }

  function withDatabase(work: (database: Database) => Promise<number>): Promise<void> {
    return withServer(async (url, signal) => {
      await migrate(url, { print });
      const pools: Pool[] = [];
      const connectAs = (role: Role | 'owner') => {
        const pool = connect(url, { name: 'rag-cli', ...(role === 'owner' ? {} : { role }) });
        pools.push(pool);
        return pool;
      };
      try {
        return await work({ connectAs, signal });
      } finally {
        await Promise.all(pools.map((pool) => pool.end()));
      }
    });
  }

  return { withDatabase, withServer, untilStopped };
}

/** Asks on standard error, because standard output is the command's result. */
export async function askAtTerminal(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
  }
}
