import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { queryRows } from '../../../test/kit/database/query-rows.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { killLeftovers, startChild } from '../../../test/kit/programs/child.ts';
import { freePort } from '../../../test/kit/servers/free-port.ts';
import { migrate } from '../migrations/migrate.ts';
import { programRoles } from './connect.ts';
import { requireRoles } from './startup-checks.ts';

const pgbouncer = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));
const db = await testDatabase();
killLeftovers();

/** @returns the URL of the database behind a PgBouncer */
async function behind(poolMode: string, poolSize: number): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'rag-pooler-'));
  chmodSync(home, 0o755);
  onTestFinished(() => rmSync(home, { recursive: true }));
  const { hostname, port, pathname, username, password } = new URL(db.url);
  const ownPort = await freePort();
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: ownPort,
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: poolMode,
    default_pool_size: poolSize,
    ignore_startup_parameters: 'extra_float_digits',
  };
  const server = `host=${hostname} port=${port} user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}`;
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(join(home, 'pgbouncer.ini'), ['[databases]', `* = ${server}`, '[pgbouncer]', ...lines, ''].join('\n'));
  // PgBouncer refuses to run as root.
  const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  startChild(pgbouncer ?? '', [join(home, 'pgbouncer.ini')], unprivileged);
  const url = `postgres://${username}:any@127.0.0.1:${ownPort}${pathname}`;
  await expect.poll(() => queryRows(url, 'select 7 as seven').catch(String)).toEqual([{ seven: 7 }]);
  return url;
}

test.skipIf(pgbouncer === undefined).each(['transaction', 'statement'])(
  'behind a PgBouncer in %s mode, programs and migrations refuse to start with instructions (Debian: apt-get install pgbouncer)',
  async (mode) => {
    const url = await behind(mode, 5);
    const refused = /127\.0\.0\.1:\d+ is a connection pooler in transaction mode.*pool_mode = session/;
    await expect(requireRoles(url, programRoles.worker)).rejects.toThrow(refused);
    await expect(requireRoles(url, programRoles.chat)).rejects.toThrow(refused);
    await expect(migrate(url)).rejects.toThrow(refused);
  },
  30_000,
);

test.skipIf(pgbouncer === undefined)(
  'behind a PgBouncer in session mode they start (Debian: apt-get install pgbouncer)',
  async () => {
    const url = await behind('session', 5);
    await requireRoles(url, programRoles.chat);
    expect(await migrate(url)).toEqual([]);
  },
  30_000,
);
