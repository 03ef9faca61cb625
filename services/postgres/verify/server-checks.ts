/** Checks of the server, its settings and the applied migrations. */
import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';
import { type Check, type Problem, sqlCheck } from './check.ts';

const directory = new URL('../../../migrations', import.meta.url);

/** Lists the migrations of this version, named as in `pgmigrations`, in order. */
export async function migrationNames(): Promise<readonly string[]> {
  const files = await readdir(directory);
  return files.map((file) => parse(file).name).sort();
}

/** Older versions lack features that the statements use. */
const oldestServer = 15;

export const migrationsCheck = 'all migrations are applied, and no unknown ones';

/** @param migrations their names, in order */
export function serverChecks(migrations: readonly string[]): readonly Check[] {
  return [
    {
      name: `the server is PostgreSQL ${oldestServer} or newer`,
      advice: 'move to a newer server: pg_dump here, pg_restore there, and change DATABASE_URL',
      problems: async (pool) => {
        const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version') as version`);
        return versionProblems(rows[0]?.version ?? '');
      },
    },
    sqlCheck(
      'the database encoding is UTF-8',
      'the encoding cannot be changed: dump the database, create one in UTF-8, restore the dump there, and change DATABASE_URL',
      `select format('the encoding is %s', pg_encoding_to_char(encoding)) as problem,
        format('create database %I template template0 encoding ''UTF8'';', datname || '_utf8') as repair
      from pg_database where datname = current_database() and pg_encoding_to_char(encoding) <> 'UTF8'`,
    ),
    sqlCheck(
      'this login owns the tables',
      'use the owner in DATABASE_URL: other logins do not see all rows, so the checks below would miss problems',
      `select format('%s belongs to %s, and %s is not a member', relname, pg_get_userbyid(relowner), current_user) as problem
      from pg_class
      where oid = any (array[to_regclass('ai_dialogue_log'), to_regclass('provenance')])
        and not pg_has_role(relowner, 'usage') order by 1`,
    ),
    {
      name: migrationsCheck,
      advice: 'run the missing migrations; for an unknown one, use the newer version of the programs that added it',
      problems: async (pool) => {
        const { rows } = await pool.query<{ name: string }>('select name from pgmigrations order by id');
        return migrationProblems(
          migrations,
          rows.map(({ name }) => name),
        );
      },
    },
    sqlCheck(
      'commits are durable (synchronous_commit)',
      'enable it: with it off, a crash may lose acknowledged answers',
      `select format('synchronous_commit is %s, by %s', setting, source) as problem,
        case when source like '%user' then format('alter role %I in database %I set synchronous_commit = on;', current_user, current_database())
          else format('alter database %I set synchronous_commit = on;', current_database()) end as repair
      from pg_settings where name = 'synchronous_commit' and setting = 'off'`,
    ),
  ];
}

export function versionProblems(version: string): readonly Problem[] {
  return Number.parseInt(version, 10) >= oldestServer ? [] : [{ what: `the server is PostgreSQL ${version}` }];
}

function migrationProblems(known: readonly string[], ran: readonly string[]): readonly Problem[] {
  return [
    ...known
      .filter((name) => !ran.includes(name))
      .map((name) => ({ what: `${name} is not applied`, repair: ['npm run -s cli -- migrate'] })),
    ...ran.filter((name) => !known.includes(name)).map((name) => ({ what: `${name} is unknown to this version` })),
  ];
}
