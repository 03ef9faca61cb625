/** Creates a login per program on the embedded server, which may take that program's roles and nothing else. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { programRoles } from '../postgres/client/connect.ts';
import { readState, writeState } from './state.ts';

/** Connection URLs by program. */
export type ProgramUrls = Readonly<Record<ProgramLogin, string>>;
export type ProgramLogin = keyof typeof programRoles;

/**
 * Creates the logins or resets them; their passwords are stored in `postgres.json`. Call it after the migrations, which
 * create the roles, and from one program at a time.
 * @param superuserUrl of the embedded server
 */
export async function ensureLogins(dataDir: string, superuserUrl: string): Promise<ProgramUrls> {
  const state = readState(dataDir);
  const password = () => randomBytes(24).toString('base64url');
  const passwords = state.logins ?? { chat: password(), worker: password() };
  if (state.logins === undefined) writeState(dataDir, { ...state, logins: passwords });
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'rag logins' });
  client.on('error', () => {}); // a lost connection also fails the next statement
  await client.connect();
  try {
    return {
      chat: await ensureLogin(client, superuserUrl, 'chat', passwords.chat),
      worker: await ensureLogin(client, superuserUrl, 'worker', passwords.worker),
    };
  } finally {
    await client.end();
  }
}

async function ensureLogin(
  client: pg.Client,
  superuserUrl: string,
  program: ProgramLogin,
  password: string,
): Promise<string> {
  const login = `rag_${program}_login`;
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [login]);
  if (rowCount === 0) await client.query(`create role ${login}`);
  // With noinherit it has no rights until it takes a role.
  await client.query(
    `alter role ${login} login noinherit nosuperuser nocreaterole nocreatedb nobypassrls noreplication
     password ${client.escapeLiteral(password)}`,
  );
  await client.query(`grant ${programRoles[program].join(', ')} to ${login} with inherit false, set true`);
  const url = new URL(superuserUrl);
  url.username = login;
  url.password = password;
  return url.href;
}
