/** Brings the whole service up in order, keeps it up, and takes it down in the reverse order: the database stops last. */
import type { Config } from '../config.ts';
import { acquireDatabase, type DatabaseHome } from '../embedded-postgres/acquire-database.ts';
import type { ProgramLogin } from '../embedded-postgres/logins.ts';
import { migrate } from '../postgres/migrations/migrate.ts';
import { type Program, runPrograms } from '../runtime/child-processes.ts';
import { lockDataDir } from '../runtime/data-dir.ts';
import type { StopRequest } from '../runtime/shutdown-signal.ts';

/** `login`: which rights it has on an embedded database. */
export type ServiceProgram = Omit<Program, 'env'> & { readonly login: ProgramLogin };

export type Service = {
  readonly config: Config;
  /** Whole environment of the programs; DATABASE_URL is added. */
  readonly env: NodeJS.ProcessEnv;
  /** The first one is waited for: it sends `ready`. */
  readonly programs: readonly [ServiceProgram, ...ServiceProgram[]];
  /** Where the service answers. */
  readonly address: string;
  /** Work on the migrated database before the programs start. */
  readonly prepare: (database: DatabaseHome) => Promise<void>;
  /** Told once everything answers. */
  readonly greeting: (database: DatabaseHome) => Promise<string>;
  readonly stop: StopRequest;
  readonly say: (line: string) => void;
  /** How long programs may take to finish what they are at. Milliseconds. */
  readonly drainMs: number;
};

const databaseLookMs = 1_000;

/** @returns the exit code: of the request to stop, or of the program that ended */
export async function runService(service: Service): Promise<number> {
  const { config, stop, say } = service;
  stop.asked.then(() => say('Stopping: what is under way is finished first.'));
  const lock = await lockDataDir(config.dataDir, service.address);
  try {
    const database = await acquireDatabase(config, say);
    try {
      if (stop.isAsked()) return await stop.asked;
      const migrated = await migrate(database.url, { say });
      if (migrated.length > 0) say(`The database's tables are up to date now: ${migrated.length} migrations.`);
      if (stop.isAsked()) return await stop.asked;
      await service.prepare(database);
      if (stop.isAsked()) return await stop.asked;
      return await supervise(service, database);
    } finally {
      await database.release();
    }
  } finally {
    lock.leave();
  }
}

async function supervise(service: Service, database: DatabaseHome): Promise<number> {
  const { programs, stop, say } = service;
  const urls = await database.programUrls();
  const running = runPrograms(
    programs.map(({ login, ...program }) => ({ ...program, env: { DATABASE_URL: urls[login] } })),
    service.env,
  );
  const endWatch = watchDatabase(database, say);
  try {
    const failed = running.ended.then(({ name, code, reason }) => {
      if (!stop.isAsked()) say(`The ${name} ended (${reason}), so everything stops.`);
      return code;
    });
    const answers = running.ready(programs[0].name).then(() => null);
    const early = await Promise.race([answers, failed, stop.asked]);
    if (early !== null) return early;
    say(await service.greeting(database));
    return await Promise.race([failed, stop.asked]);
  } finally {
    // The watch goes on meanwhile: programs that drain may need the database once more.
    await running.stop(service.drainMs, stop.hurried);
    await endWatch();
  }
}

/** An embedded server that was killed is started again; the programs wait and connect again, as after a failover. */
function watchDatabase(database: DatabaseHome, say: (line: string) => void): () => Promise<void> {
  let look: Promise<void> = Promise.resolve();
  let lastSaid = '';
  const sayOnce = (line: string) => {
    if (line !== lastSaid) say(line);
    lastSaid = line;
  };
  const timer = setInterval(() => {
    look = look.then(async () => {
      try {
        if (!(await database.revive())) return;
        say('PostgreSQL had ended and was started again.');
        lastSaid = '';
      } catch (error) {
        sayOnce(`PostgreSQL ended and could not be started again: ${error instanceof Error ? error.message : error}`);
      }
    });
  }, databaseLookMs);
  return async () => {
    clearInterval(timer);
    await look;
  };
}
