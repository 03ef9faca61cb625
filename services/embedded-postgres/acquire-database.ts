/** Gives a program its database: the server it names, or an embedded one that the last program to leave stops. */
import { join } from 'node:path';
import { makeDataDir } from '../runtime/data-dir.ts';
import { announce, holdAlone } from '../runtime/process-lock.ts';
import { ensureLogins, type ProgramUrls } from './logins.ts';
import { startEmbedded } from './server.ts';
import { isEmbeddedUrl } from './state.ts';

export type DatabaseHome = {
  readonly url: string;
  /** True: the server is the one in DATA_DIR, also when its address was handed down in DATABASE_URL. */
  readonly embedded: boolean;
  /** Addresses for the programs once the tables are migrated: the one given, or logins of the embedded server's own. */
  programUrls(): Promise<ProgramUrls>;
  /** Starts the embedded server again, on its port, if it has died. @returns whether it had */
  revive(): Promise<boolean>;
  /** Ends this program's use. Stops the embedded server unless another living program uses it. */
  release(): Promise<void>;
};

type DatabaseSettings = {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly postgresPort: number | undefined;
};

const patienceMs = 120_000;

/**
 * With a DATABASE_URL: that. Without: adopts the server that runs on DATA_DIR, whoever started it, else starts one.
 * @throws with a message that says what to do when the server cannot be started
 */
export async function acquireDatabase(settings: DatabaseSettings, log: (line: string) => void): Promise<DatabaseHome> {
  const { databaseUrl, dataDir } = settings;
  if (databaseUrl !== undefined) {
    const embedded = isEmbeddedUrl(dataDir, databaseUrl);
    const programUrls = async () => ({ chat: databaseUrl, worker: databaseUrl });
    return { url: databaseUrl, embedded, programUrls, revive: async () => false, release: async () => {} };
  }
  makeDataDir(dataDir);
  const start = (port: number | undefined) => startEmbedded({ dataDir, port, log });
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

/** Starting, stopping and counting users must not overlap between programs. */
async function oneAtATime<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const turn = await holdAlone(join(dataDir, 'locks', 'database-change'), patienceMs);
  if ('heldBy' in turn) {
    throw new Error(
      `Process ${turn.heldBy.pid} has been starting or stopping the database in ${dataDir} for two minutes. ` +
        `Look at ${join(dataDir, 'postgres', 'server.log')}, or end that process.`,
    );
  }
  try {
    return await work();
  } finally {
    turn.held.leave();
  }
}
