/** Checks of the server, of its settings, and of which migrations it has had. */
import { type Check, sqlCheck } from './check.ts';

/** PostgreSQL before 15 lacks what the statements use. */
export const oldestServer = 15;

/** @param migrations their names, in order */
export function serverChecks(migrations: readonly string[]): readonly Check[] {
  return [
    {
      name: `the server is PostgreSQL ${oldestServer} or newer`,
      advice: 'upgrade the server',
      problems: async (pool) => {
        const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version') as version`);
        return versionProblems(rows[0]?.version ?? '');
      },
    },
    sqlCheck(
      'the database is in UTF-8',
      "make a database with encoding 'UTF8' and restore a dump into it; an encoding cannot be changed",
      `select format('its encoding is %s', pg_encoding_to_char(encoding)) as problem
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
      name: 'all migrations ran, and no others',
      advice: 'run them (cli -- migrate); where one is not known here, use the version of the programs that brought it',
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
      'alter database … set synchronous_commit = on (or alter role …): an answer was acknowledged that a crash may lose',
      `select format('synchronous_commit is %s', setting) as problem
      from pg_settings where name = 'synchronous_commit' and setting = 'off'`,
    ),
  ];
}

export function versionProblems(version: string): readonly string[] {
  return Number.parseInt(version, 10) >= oldestServer ? [] : [`it is PostgreSQL ${version}`];
}

function migrationProblems(known: readonly string[], ran: readonly string[]): readonly string[] {
  return [
    ...known.filter((name) => !ran.includes(name)).map((name) => `${name} has not run`),
    ...ran.filter((name) => !known.includes(name)).map((name) => `${name} is not known here`),
  ];
}
