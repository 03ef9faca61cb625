/**
 * Provides a program's database: the one in DATABASE_URL, or an embedded server that the last program to leave stops.
 */
import { join } from 'node:path';
import { makeDataDir } from '../runtime/data-dir.ts';
import { acquireLock, announce } from '../runtime/process-lock.ts';
import { serverLog } from './cluster.ts';
import { ensureLogins, type ProgramUrls } from './logins.ts';
import { startEmbedded } from './server.ts';
import { isEmbeddedUrl } from './state.ts';

export type DatabaseHome = {
  readonly url: string;
  /** Whether the server is the one in DATA_DIR, even if its URL came through DATABASE_URL. */
  readonly embedded: boolean;
  /** The programs' URLs, after the migrations: DATABASE_URL, or a login of the embedded server for each. */
  programUrls(): Promise<ProgramUrls>;
  /** Restarts the embedded server on its port if it has died. @returns whether it had */
  revive(): Promise<boolean>;
  /** Ends this program's use. Stops the embedded server unless another program still uses it. */
  release(): Promise<void>;
};

type DatabaseSettings = {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly postgresPort: number | undefined;
};

const lockTimeoutMs = 120_000;

/**
 * Returns DATABASE_URL if set; otherwise adopts the server running on DATA_DIR, or starts one.
 * @param print prints what is done, one line each
 * @throws {Error} that says what to do when the server cannot be started
 */
export async function acquireDatabase(
  settings: DatabaseSettings,
  print: (line: string) => void,
): Promise<DatabaseHome> {
  const { databaseUrl, dataDir } = settings;
  if (databaseUrl !== undefined) {
    const embedded = isEmbeddedUrl(dataDir, databaseUrl);
    const programUrls = async () => ({ chat: databaseUrl, worker: databaseUrl });
    return { url: databaseUrl, embedded, programUrls, revive: async () => false, release: async () => {} };
  }
  makeDataDir(dataDir);
  const start = (port: number | undefined) => startEmbedded({ dataDir, port, log: print });
  const users = join(dataDir, 'locks', 'database-users');
  const first = await oneAtATime(dataDir, async () => ({
    server: await start(settings.postgresPort),
    use: announce(users),
  }));
  const { use } = first;
  let { server } = first;
  let released = false;
  return {
    url: server.url,
    embedded: true,
    programUrls: () => oneAtATime(dataDir, () => ensureLogins(dataDir, server.superuserUrl)),
    revive: async () => {
      if (released || server.isAlive()) return false;
      return oneAtATime(dataDir, async () => {
        if (released) return false;
        server = await start(server.port);
        return true;
      });
    },
    release: async () => {
      if (released) return;
      released = true;
      await oneAtATime(dataDir, async () => {
        use.leave();
        if (use.others().length === 0) await server.stop();
      });
    },
  };
}

/** Programs must not start, stop and count users concurrently. */
async function oneAtATime<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(join(dataDir, 'locks', 'database-change'), lockTimeoutMs);
  if ('heldBy' in lock) {
    throw new Error(
      `Process ${lock.heldBy.pid} has been starting or stopping the database in ${dataDir} for two minutes. ` +
        `See ${serverLog(join(dataDir, 'postgres'))}, or end that process.`,
    );
  }
  try {
    return await work();
  } finally {
    lock.held.leave();
  }
}
