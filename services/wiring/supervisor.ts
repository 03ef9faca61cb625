/** Starts the whole service in order, keeps it running, and stops it in reverse order: the database last. */
import type { Config } from '../config.ts';
import { acquireDatabase, type DatabaseHome } from '../embedded-postgres/acquire-database.ts';
import type { ProgramLogin } from '../embedded-postgres/logins.ts';
import { migrate } from '../postgres/migrations/migrate.ts';
import { type Program, runPrograms } from '../runtime/child-processes.ts';
import { count } from '../runtime/console.ts';
import { lockDataDir } from '../runtime/data-dir.ts';
import type { StopRequest } from '../runtime/shutdown-signal.ts';

/** `login` selects its rights on the embedded database. */
export type ServiceProgram = Omit<Program, 'env'> & { readonly login: ProgramLogin };

export type Service = {
  readonly config: Config;
  /** The programs' environment; DATABASE_URL is added. */
  readonly env: NodeJS.ProcessEnv;
  /** The supervisor waits for the first one to send `ready`. */
  readonly programs: readonly [ServiceProgram, ...ServiceProgram[]];
  /** The service's URL. */
  readonly address: string;
  /** Runs on the migrated database before the programs start. */
  readonly prepare: (database: DatabaseHome) => Promise<void>;
  /** Printed once the service is ready. */
  readonly greeting: (database: DatabaseHome) => Promise<string>;
  readonly stop: StopRequest;
  readonly print: (line: string) => void;
  /** How long the programs may take to drain before they are killed. Milliseconds. */
  readonly drainMs: number;
};

const databaseCheckMs = 1_000;

/** @returns the exit code: that of the stop request, or of the program that exited */
export async function runService(service: Service): Promise<number> {
  const { config, stop, print } = service;
  stop.requested.then(() => print('Stopping: finishing requests in flight. Press Ctrl-C again to force.'));
  const lock = await lockDataDir(config.dataDir, service.address);
  try {
    const database = await acquireDatabase(config, print);
    try {
      if (stop.isRequested()) return await stop.requested;
      const migrated = await migrate(database.url, { print });
      if (migrated.length > 0) print(`Database migrated: ${count(migrated.length, 'migration')} applied.`);
      if (stop.isRequested()) return await stop.requested;
      await service.prepare(database);
      if (stop.isRequested()) return await stop.requested;
      return await supervise(service, database);
    } finally {
      await database.release();
    }
  } finally {
    lock.leave();
  }
}

async function supervise(service: Service, database: DatabaseHome): Promise<number> {
  const { programs, stop, print } = service;
  const urls = await database.programUrls();
  const running = runPrograms(
    programs.map(({ login, ...program }) => ({ ...program, env: { DATABASE_URL: urls[login] } })),
    service.env,
  );
  const endWatch = watchDatabase(database, print);
  try {
    const failed = running.ended.then(({ name, code, reason }) => {
      if (!stop.isRequested()) print(`The ${name} exited (${reason}). Stopping.`);
      return code;
    });
    const ready = running.ready(programs[0].name).then(() => null);
    const early = await Promise.race([ready, failed, stop.requested]);
    if (early !== null) return early;
    print(await service.greeting(database));
    return await Promise.race([failed, stop.requested]);
  } finally {
    // The watch continues meanwhile: draining programs still need the database.
    await running.stop(service.drainMs, stop.forced);
    await endWatch();
  }
}

/** Restarts an embedded server that was killed; the programs reconnect as after a failover. */
function watchDatabase(database: DatabaseHome, print: (line: string) => void): () => Promise<void> {
  let check: Promise<void> = Promise.resolve();
  let lastFailure = '';
  const printOnce = (line: string) => {
    if (line !== lastFailure) print(line);
    lastFailure = line;
  };
  const timer = setInterval(() => {
    check = check.then(async () => {
      try {
        if (!(await database.revive())) return;
        print('PostgreSQL stopped unexpectedly and was restarted.');
        lastFailure = '';
      } catch (error) {
        printOnce(`PostgreSQL stopped and could not be restarted: ${error instanceof Error ? error.message : error}`);
      }
    });
  }, databaseCheckMs);
  return async () => {
    clearInterval(timer);
    await check;
  };
}
