/** Chooses the account that PostgreSQL runs under, because it refuses to run as root. */
import { execFile } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How to run a PostgreSQL program: a command prefix, or user and group ids for spawn. */
export type Account = { ids: Ids | null; prefix: readonly string[]; switchIds: boolean };
type Ids = { uid: number; gid: number };

const asOurselves: Account = { ids: null, prefix: [], switchIds: false };

/**
 * As root it uses the owner of the cluster, else `postgres`, else `nobody`. If that account cannot enter the
 * directories (a home that only root may enter), it gets the one capability that lets it pass, and no other.
 * @param clusterHome the existing directory that holds the cluster; it is chowned to the account
 * @param initdb path of PostgreSQL's initdb
 * @throws {Error} if the cluster belongs to another user, or no account can enter the directory
 */
export async function databaseAccount(
  clusterHome: string,
  initdb: string,
  environment: Record<string, string>,
): Promise<Account> {
  const owner = statSync(clusterHome);
  const me = process.getuid?.();
  if (me === undefined) return asOurselves; // Windows
  if (me !== 0) {
    if (owner.uid === me) return asOurselves;
    throw new Error(
      `${clusterHome} belongs to user id ${owner.uid}, but this process runs as user id ${me}. ` +
        'Start as that user, or set DATA_DIR to another directory.',
    );
  }
  const ids = owner.uid === 0 ? await unprivilegedIds() : { uid: owner.uid, gid: owner.gid };
  chownSync(clusterHome, ids.uid, ids.gid);
  const tried: string[] = [];
  for (const account of waysToRunAs(ids)) {
    const failure = await tryToEnter(account, clusterHome, initdb, environment);
    if (failure === null) return account;
    tried.push(failure);
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and user id ${ids.uid} cannot enter ${clusterHome} or run ${initdb}. ` +
      'Install setpriv (package util-linux), start as an ordinary user, move the project out of directories that ' +
      `only root can enter, or set DATABASE_URL.\n  tried: ${tried.join('\n  tried: ')}`,
  );
}

/** @returns the file, arguments and ids for `spawn` */
export function asAccount(account: Account, program: string, args: readonly string[]) {
  const [file = program, ...rest] = [...account.prefix, program, ...args];
  return { file, args: rest, ids: account.switchIds && account.ids ? account.ids : {} };
}

function waysToRunAs(ids: Ids): Account[] {
  const withCapability = (capability: string): Account => ({
    ids,
    switchIds: false,
    prefix: [
      'setpriv',
      `--reuid=${ids.uid}`,
      `--regid=${ids.gid}`,
      '--clear-groups',
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
      '--securebits=+no_setuid_fixup', // otherwise access(2), with which PostgreSQL finds its programs, ignores capabilities
      '--',
    ],
  });
  return [{ ids, prefix: [], switchIds: true }, withCapability('dac_read_search'), withCapability('dac_override')];
}

async function tryToEnter(
  account: Account,
  home: string,
  initdb: string,
  environment: Record<string, string>,
): Promise<string | null> {
  const script = 'cd "$1" && exec "$2" --show --pgdata="$1"'; // only looks up what it needs
  const { file, args, ids } = asAccount(account, '/bin/sh', ['-c', script, 'sh', home, initdb]);
  try {
    await run(file, args, { ...ids, cwd: '/', env: environment });
    return null;
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    return `${account.prefix.join(' ') || `as user id ${account.ids?.uid}`}: ${reason}`;
  }
}

async function unprivilegedIds(): Promise<Ids> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
      );
      if (uid !== undefined && gid !== undefined && uid > 0) return { uid, gid };
    } catch {
      // no such user; try the next name
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor "nobody". ' +
      'Start as an ordinary user, or set DATABASE_URL.',
  );
}
