/** Runs migrations with node-pg-migrate on a connection that holds the lock. */
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type MigrationBuilder, runner } from 'node-pg-migrate';
import type pg from 'pg';

export type Run = {
  readonly directory: string;
  readonly direction: 'up' | 'down';
  /** Maximum number of migrations. */
  readonly count: number;
  /** One transaction for all; otherwise one for each, unless the migration opts out. */
  readonly together: boolean;
};

/** The migration that failed; `online` ones work outside a transaction, step by step. */
export class FailedRun extends Error {
  readonly migration: string | null;
  readonly online: boolean;

  constructor(migration: string | null, online: boolean, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.migration = migration;
    this.online = online;
  }
}

/** @returns names of the applied migrations, in order. @throws {FailedRun} whose `cause` is the database's error */
export async function runMigrations(
  client: pg.Client,
  { directory, direction, count, together }: Run,
): Promise<string[]> {
  const current: { name: string | null; online: boolean } = { name: null, online: false };
  const note = (line: string) => {
    const named = /^### MIGRATION (\S+) /.exec(line)?.[1];
    if (named !== undefined && named !== current.name) Object.assign(current, { name: named, online: false });
  };
  try {
    const done = await runner({
      dbClient: client,
      dir: directory,
      direction,
      count,
      migrationsTable: 'pgmigrations',
      migrationsSchema: await migrationsSchema(client),
      noLock: true,
      singleTransaction: together,
      migrationLoaderStrategies: [
        { extensions: ['.sql'], loader: 'legacySql' },
        { extensions: ['.ts'], loader: (paths) => Promise.all(paths.map((path) => load(path, current))) },
      ],
      logger: { info: note, warn: () => {}, error: () => {} },
    });
    return done.map(({ name }) => name);
  } catch (cause) {
    await client.query('rollback').catch(() => {}); // fails only on a lost connection, which has no transaction either
    throw new FailedRun(current.name, current.online && !together, cause);
  }
}

/**
 * The schema that has, or will have, the pgmigrations table: the first of the search path, not necessarily `public`.
 */
async function migrationsSchema(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select coalesce(
      (select nspname from pg_class join pg_namespace on pg_namespace.oid = relnamespace where pg_class.oid = to_regclass('pgmigrations')),
      current_schema(), 'public') as name`,
  );
  return rows[0]?.name ?? 'public';
}

type Action = (pgm: MigrationBuilder) => Promise<void>;

/** Loads with Node itself, because the library's loader would compile the file and cache the result on disk. */
async function load(path: string, current: { name: string | null; online: boolean }) {
  const file: { up: Action; down: Action } = await import(pathToFileURL(path).href);
  const name = basename(path, extname(path));
  const noted =
    (action: Action): Action =>
    async (pgm) => {
      current.name = name;
      try {
        await action(pgm);
      } finally {
        current.online = !pgm.isUsingTransaction();
      }
    };
  return { id: path, filePaths: [path], actions: { up: noted(file.up), down: noted(file.down) } };
}
