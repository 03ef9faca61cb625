/** Roles belong to a cluster and not to a database: a cluster of its own, in which they are made, shared, missing and dropped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureLogins } from '../../services/embedded-postgres/logins.ts';
import { type Embedded, startEmbedded } from '../../services/embedded-postgres/server.ts';
import { isEmbeddedUrl } from '../../services/embedded-postgres/state.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { databaseChecks } from '../../services/postgres/verify/database-checks.ts';
import { queryRows } from '../kit/database/query-rows.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rag-roles-'));
const ours = ['grafana_reader', 'rag_app', 'rag_auditor', 'rag_recorder', 'rag_worker'];
let server: Embedded;

beforeAll(async () => {
  server = await startEmbedded({ dataDir, settings: { fsync: 'off' }, log: () => {} });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const superuser = (sql: string) => queryRows(server.superuserUrl, sql);

/** @returns its address for the owner */
async function makeDatabase(name: string, owner = 'rag_owner', password?: string): Promise<string> {
  await superuser(`create database ${name} owner ${owner}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  if (password !== undefined) [url.username, url.password] = [owner, password];
  return url.href;
}

async function roles(): Promise<unknown[]> {
  const rows = await superuser(
    `select rolname from pg_roles where rolname ~ '^rag_(app|recorder|worker|auditor)$|^grafana_reader$' order by 1`,
  );
  return (rows as { rolname: string }[]).map(({ rolname }) => rolname);
}

test('databases of one cluster that migrate concurrently share the roles, which the last one to revert drops', async () => {
  expect(await roles()).toEqual([]);
  const urls = await Promise.all(['one', 'two', 'three'].map((name) => makeDatabase(name)));
  await Promise.all(urls.map((url) => migrate(url)));
  expect(await roles()).toEqual(ours);
  const back = { direction: 'down' as const, count: Number.POSITIVE_INFINITY };
  const [first = '', ...others] = urls;
  await migrate(first, back);
  expect(await roles()).toEqual(ours);
  await migrate(first);
  for (const url of [first, ...others]) await migrate(url, back);
  expect(await roles()).toEqual([]);
});

test('an owner who cannot create roles gets the statements for a superuser, and continues afterwards', async () => {
  await superuser(`create role modest login password 'secret'`);
  const url = await makeDatabase('managed', 'modest', 'secret');
  const error = await migrate(url).catch((reason: unknown) => reason);
  const told = /Ask a superuser to run: (create role .*grant .* to modest;)/.exec(String(error))?.[1] ?? String(error);
  expect(told.match(/create role \w+ nologin;/g)).toHaveLength(5);
  await superuser(told);
  expect(await migrate(url)).toContain('0010_add-roles');
  const pool = connect(url, { name: 'modest', role: 'rag_app' });
  expect((await pool.query('select from ai_dialogue_log')).rowCount).toBe(0);
  await pool.end();
  await migrate(url, { direction: 'down', count: 3 });
  expect(await roles()).toEqual(ours); // not its to drop
  await migrate(url);
});

test('a role that bypasses row-level security is rejected by the migration and detected by verify', async () => {
  await superuser('alter role rag_app bypassrls');
  await expect(migrate(await makeDatabase('loose'))).rejects.toThrow('rag_app bypasses row-level security');
  await superuser('alter role rag_app nobypassrls');
  await superuser('alter role rag_worker superuser');
  const url = new URL(server.superuserUrl);
  url.pathname = '/managed';
  await migrate(url.href);
  const pool = connect(url.href, { name: 'verify' });
  try {
    const check = (await databaseChecks(pool, [])).find(({ name }) => name === 'roles exist and bypass nothing');
    expect(await check?.problems(pool)).toMatchObject([{ what: 'rag_worker is "superuser" instead of ""' }]);
  } finally {
    await pool.end();
    await superuser('alter role rag_worker nosuperuser');
  }
});

test("each program's login on the embedded server can take only that program's roles, and is reset when changed", async () => {
  await superuser('grant rag_app, rag_recorder, rag_worker, rag_auditor to rag_owner'); // roles of another owner
  await migrate(server.url);
  const urls = await ensureLogins(dataDir, server.superuserUrl);
  expect(isEmbeddedUrl(dataDir, urls.chat) && isEmbeddedUrl(dataDir, urls.worker)).toBe(true);
  const mayTake = async (url: string) => {
    const taken: string[] = [];
    for (const role of [...ours, 'rag_owner', 'postgres'])
      await queryRows(url, `set role ${role}`).then(
        () => taken.push(role),
        () => {},
      );
    return taken;
  };
  expect(await mayTake(urls.chat)).toEqual(['rag_app', 'rag_auditor', 'rag_recorder']);
  expect(await mayTake(urls.worker)).toEqual(['rag_worker']);
  await expect(queryRows(urls.chat, 'select from ai_dialogue_log')).rejects.toThrow('permission denied');
  await superuser(`alter role rag_chat_login password 'another'; revoke rag_app from rag_chat_login`);
  await expect(queryRows(urls.chat, 'select 1')).rejects.toThrow('password');
  expect(await ensureLogins(dataDir, server.superuserUrl)).toEqual(urls);
  expect(await mayTake(urls.chat)).toContain('rag_app');
});
