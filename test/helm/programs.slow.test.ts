/** Runs the commands of the rendered pods, as their user and with their environment, on a real PostgreSQL. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbedded } from '../../services/embedded-postgres/server.ts';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { freePort } from '../kit/servers/free-port.ts';
import { tcpProxy } from '../kit/servers/tcp-proxy.ts';
import { copyImageFiles } from '../stack/image-files.ts';
import { read } from '../stack/stack-files.ts';
import { environmentOf, find, missing, render } from './render.ts';

killLeftovers();

const names = { chat: 'Deployment', worker: 'Deployment', migrate: 'Job' } as const;
const imageEnvironment = Object.fromEntries(
  [...(/^ENV (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [
    name,
    value,
  ]),
);

/** The file system of a pod: the image, which its user cannot write, and the two empty volumes. */
function podFolders() {
  const image = copyImageFiles();
  const volumes = mkdtempSync(join(tmpdir(), 'pod-'));
  const folders = { tmp: join(volumes, 'tmp'), data: join(volumes, 'data') };
  spawnSync('chmod', ['-R', 'a-w,a+rX', image]);
  chmodSync(volumes, 0o755);
  for (const folder of Object.values(folders)) {
    mkdirSync(folder);
    // fsGroup makes an emptyDir writable for the group of the pod.
    chmodSync(folder, 0o777);
  }
  onTestFinished(() => {
    spawnSync('chmod', ['-R', 'u+w', image]);
    rmSync(volumes, { recursive: true });
  });
  return { image, ...folders };
}

/** Runs the SQL of docs/kubernetes.md as a managed service's administrator, who is no superuser. @returns the URL of a login */
async function createLogins(superuserUrl: string): Promise<(login: string) => string> {
  const urlOf = (user: string, password: string, database: string) => {
    const url = new URL(superuserUrl);
    Object.assign(url, { username: user, password, pathname: `/${database}` });
    return url.href;
  };
  const execute = async (url: string, statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const admin = "create role administrator login createrole createdb password 'admin'";
  // The test server comes with a database and an owner of these names.
  const superuser = new URL(superuserUrl);
  superuser.pathname = '/postgres';
  await execute(superuser.href, ['drop database rag with (force)', 'drop role rag_owner', admin]);
  const [, sql = ''] = /```sql\n(create role .*?)```/s.exec(read('docs/kubernetes.md')) ?? [];
  const statements = sql.split(';\n').filter((statement) => statement.trim() !== '');
  expect(statements.length).toBeGreaterThan(10);
  await execute(urlOf('administrator', 'admin', 'postgres'), statements);
  const passwords = new Map(
    [...sql.matchAll(/create role (\w+) login.*password '(\w+)'/g)].map(([, ...pair]) => pair as [string, string]),
  );
  return (login) => urlOf(login, passwords.get(login) ?? '', 'rag');
}

test.skipIf(missing)(
  'the pods of the chart migrate, answer, report an outage and end, without writing to the image',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'chart-database-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const server = await startEmbedded({
      dataDir: join(directory, 'data'),
      port: await freePort(),
      settings: { fsync: 'off' },
      log: () => {},
    });
    onTestFinished(() => server.stop());

    const manifests = render('minimal');
    const { image, tmp, data } = podFolders();
    const ports = { PORT: await freePort(), METRICS_PORT: await freePort(), WORKER_METRICS_PORT: await freePort() };
    const run = (program: keyof typeof names, databaseUrl: string) => {
      const { spec } = find(manifests, names[program], `rag-rag-observatory-${program}`).spec.template;
      const [container] = spec.containers;
      const [, ...args] = container.command;
      const { runAsUser: uid, runAsGroup: gid } = spec.securityContext;
      const env = {
        ...imageEnvironment,
        ...environmentOf(container),
        ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
        DATABASE_URL: databaseUrl,
        DATA_DIR: data,
        TMPDIR: tmp,
      };
      const user = process.getuid?.() === 0 ? { uid, gid } : {};
      return startChild(process.execPath, args, { cwd: image, env, ...user });
    };

    const urlOf = await createLogins(server.superuserUrl);
    const migration = run('migrate', urlOf('rag_owner'));
    expect([await migration.ended(), migration.written()]).toEqual([0, expect.stringContaining('up 0001')]);
    // A retry of the job, or another release's, finds nothing to do.
    const again = run('migrate', urlOf('rag_owner'));
    expect([await again.ended(), again.written()]).toEqual([0, expect.stringContaining('nothing to do')]);

    const network = await tcpProxy({ host: '127.0.0.1', port: server.port });
    onTestFinished(() => network.close());
    const throughNetwork = (login: string) => {
      const url = new URL(urlOf(login));
      url.port = String(network.port);
      return url.href;
    };
    const chat = run('chat', throughNetwork('rag_chat_login'));
    const worker = run('worker', throughNetwork('rag_worker_login'));
    const probes = {
      startup: `http://127.0.0.1:${ports.PORT}/healthz`,
      readiness: `http://127.0.0.1:${ports.PORT}/readyz`,
      worker: `http://127.0.0.1:${ports.WORKER_METRICS_PORT}/metrics`,
    };
    const status = async (url: string, timeout: number) =>
      fetch(url, { signal: AbortSignal.timeout(timeout * 1000) }).then(
        (response) => response.status,
        () => null,
      );
    await expect.poll(() => status(probes.readiness, 4), { timeout: 60_000 }).toBe(200);
    await expect.poll(() => status(probes.worker, 10), { timeout: 60_000 }).toBe(200);
    expect(await status(probes.startup, 1)).toBe(200);
    expect(await status(`http://127.0.0.1:${ports.METRICS_PORT}/metrics`, 10)).toBe(200);

    // Not ready, and nothing that would restart them: the network drops packets, then the database is down.
    network.freeze();
    const withoutDatabase = async () =>
      Promise.all([status(probes.readiness, 4), status(probes.startup, 5), status(probes.worker, 10)]);
    expect(await withoutDatabase()).toEqual([503, 200, 200]);
    network.cut();
    await server.stop();
    expect(await withoutDatabase()).toEqual([503, 200, 200]);

    const codes = [chat, worker].map((child) => {
      child.process.kill('SIGTERM');
      return child.ended();
    });
    expect(await Promise.all(codes)).toEqual([143, 143]);
  },
);
