/** Checks of the server, of its settings, and of which migrations it has had. */
import { type Check, type Problem, sqlCheck } from './check.ts';

/** PostgreSQL before 15 lacks what the statements use. */
const oldestServer = 15;

export const migrationsCheck = 'all migrations ran, and no others';

/** @param migrations their names, in order */
export function serverChecks(migrations: readonly string[]): readonly Check[] {
  return [
    {
      name: `the server is PostgreSQL ${oldestServer} or newer`,
      advice: 'move to a newer server: pg_dump, pg_restore there, and let DATABASE_URL name it',
      problems: async (pool) => {
        const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version') as version`);
        return versionProblems(rows[0]?.version ?? '');
      },
    },
    sqlCheck(
      'the database is in UTF-8',
      'an encoding cannot be changed: dump it, make a database in UTF-8, restore the dump there, and let DATABASE_URL name that',
      `select format('its encoding is %s', pg_encoding_to_char(encoding)) as problem,
        format('create database %I template template0 encoding ''UTF8'';', datname || '_utf8') as mend
      from pg_database where datname = current_database() and pg_encoding_to_char(encoding) <> 'UTF8'`,
    ),
    sqlCheck(
      'this login owns the tables',
      'let DATABASE_URL name the owner: others do not see all rows, and the checks below would tell less than there is',
      `select format('%s belongs to %s, and %s is not a member', relname, pg_get_userbyid(relowner), current_user) as problem
      from pg_class
      where oid = any (array[to_regclass('ai_dialogue_log'), to_regclass('provenance')])
        and not pg_has_role(relowner, 'usage') order by 1`,
    ),
    {
      name: migrationsCheck,
      advice:
        'run those that are missing; where one is not known here, use the version of the programs that brought it',
      problems: async (pool) => {
        const { rows } = await pool.query<{ name: string }>('select name from pgmigrations order by id');
        return migrationProblems(
          migrations,
          rows.map(({ name }) => name),
        );
      },
    },
    sqlCheck(
      'commits wait for the disk',
      'switch it on where it was switched off: an answer was acknowledged that a crash may lose',
      `select format('synchronous_commit is %s, by %s', setting, source) as problem,
        case when source like '%user' then format('alter role %I in database %I set synchronous_commit = on;', current_user, current_database())
          else format('alter database %I set synchronous_commit = on;', current_database()) end as mend
      from pg_settings where name = 'synchronous_commit' and setting = 'off'`,
    ),
  ];
}

export function versionProblems(version: string): readonly Problem[] {
  return Number.parseInt(version, 10) >= oldestServer ? [] : [{ what: `it is PostgreSQL ${version}` }];
}

function migrationProblems(known: readonly string[], ran: readonly string[]): readonly Problem[] {
  return [
    ...known
      .filter((name) => !ran.includes(name))
      .map((name) => ({ what: `${name} has not run`, mend: ['npm run -s cli -- migrate'] })),
    ...ran.filter((name) => !known.includes(name)).map((name) => ({ what: `${name} is not known here` })),
  ];
}
