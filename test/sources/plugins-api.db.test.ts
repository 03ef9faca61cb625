/** The admin API of content sources over HTTP, with a login that has only the chat server's roles. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { makeLogin } from '../kit/database/login.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';
import { article, startNoteServer } from '../kit/servers/note-server.ts';
import { sourceRow } from '../kit/sources/source.ts';

const db = await testDatabase();
const chat = await runChat(await makeLogin(db, ['rag_app', 'rag_recorder', 'rag_auditor']));
const note = await startNoteServer();
afterAll(note.close);
note.articles = [article(1)];
const adminId = '0a000000-0000-4000-8000-000000000007';
const admin = await chat.token(adminId, 'admin');

type Plugin = { source: string; config: unknown };
type Body = Partial<Plugin> & { detail?: string; plugins: readonly Plugin[] };

const noteOf = ({ plugins }: Body) => plugins.find(({ source }) => source === 'note');

async function call(method: string, path: string, body?: unknown, token = admin) {
  const response = await fetch(`${chat.origin}/api/admin/plugins${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

test('sources are listed with their status, also before their first check', async () => {
  const { status, body } = await call('GET', '');
  expect(status).toBe(200);
  expect(body.plugins.map((each: { source: string }) => each.source)).toEqual([
    'google-drive',
    'local',
    'note',
    'notion',
    'youtube',
  ]);
  expect(noteOf(body)).toMatchObject({
    name: 'Note.com Integration',
    capabilities: { list: true, search: true, filter: true, fetch: true, transform: false, health: true },
    enabled: true,
    healthStatus: null,
    sync: { outcome: null, counts: { listed: 0 } },
  });
});

test('a change is validated by the plugin, applied, and audited with its author', async () => {
  const config = { creators: ['hana'] };
  const { status, body } = await call('PATCH', '/note', {
    config,
    metadata: { license: 'cc_by' },
    syncEveryMinutes: 37,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    source: 'note',
    config,
    metadata: { license: 'cc_by' },
    syncEveryMinutes: 37,
    enabled: true,
  });
  const [audited] = await db.query('select source, actor, change from plugin_registry_audit order by at desc limit 1');
  expect(audited).toMatchObject({
    source: 'note',
    actor: `user:${adminId}`,
    change: { sync_every_minutes: { from: null, to: 37 }, config: { from: null, to: config } },
  });
  expect(Object.keys(audited?.change)).not.toContain('updated_at');
});

test.each([
  [
    { config: { creators: ['../etc'] } },
    'config cannot be used: creators.0: is not an id as in the addresses of note.com',
  ],
  [{ config: {} }, 'names neither creators nor magazines'],
  [{ metadata: { license: 'shareware' } }, 'metadata cannot be used: license is not a known licence'],
  [{ metadata: { lisence: 'mit' } }, 'metadata cannot be used'],
  [{ endpoint: 'http://attacker.example' }, 'endpoint is unknown'],
  [{ module: '/tmp/evil.ts' }, 'module is unknown'],
  [{ apiKeyVariable: 'DATABASE_URL' }, 'apiKeyVariable is unknown'],
  [{ allowedHosts: ['127.0.0.1'] }, 'allowedHosts is unknown'],
  [{ syncEveryMinutes: 0 }, 'syncEveryMinutes must be at least 1'],
])('%j is refused', async (change, message) => {
  const { status, body } = await call('PATCH', '/note', change);
  expect(status).toBe(400);
  expect(body.detail).toContain(message);
});

test('a health check runs at once, and its result is stored without an audit entry', async () => {
  await sourceRow(db, 'note', { endpoint: 'http://127.0.0.1:9', allowedHosts: [note.host] });
  expect((await call('POST', '/note/health')).body).toMatchObject({ status: 'down' });
  await sourceRow(db, 'note', { endpoint: note.url, allowedHosts: [note.host] });
  const before = await db.query('select count(*) from plugin_registry_audit');
  const { body } = await call('POST', '/note/health');
  expect(body).toEqual({ status: 'healthy', latencyMs: expect.any(Number), error: null });
  expect(noteOf((await call('GET', '')).body)).toMatchObject({ healthStatus: 'healthy', healthError: null });
  expect(await db.query('select count(*) from plugin_registry_audit')).toEqual(before);
});

test('a sync can be requested unless the source is disabled', async () => {
  expect(await call('POST', '/note/sync')).toEqual({ status: 200, body: { requested: true } });
  expect(await db.query('select source from source_sync where requested_at is not null')).toEqual([{ source: 'note' }]);
  expect((await call('PATCH', '/note', { enabled: false })).body).toMatchObject({ enabled: false });
  expect(await call('POST', '/note/sync')).toMatchObject({ status: 400 });
});

test('an unknown source is 404, and a user who is not an admin gets 403', async () => {
  expect((await call('PATCH', '/none', { enabled: true })).status).toBe(404);
  expect((await call('POST', '/none/health')).status).toBe(404);
  expect((await call('POST', '/none/sync')).status).toBe(404);
  expect((await call('PATCH', '/note', { enabled: true }, await chat.token())).status).toBe(403);
  expect((await call('GET', '', undefined, await chat.token())).status).toBe(403);
});

test('settings of a plugin that cannot be loaded are refused with the reason, and its source can still be disabled', async () => {
  await db.query(`
    insert into plugin_registry (name, source, capabilities, version, module)
    values ('Missing', 'zz-missing', '{}', '1.0.0', './there-is-no-such-plugin.ts'), ('Nameless', 'zz-nameless', '{}', '1.0.0', null)`);
  for (const source of ['zz-missing', 'zz-nameless']) {
    const { status, body } = await call('PATCH', `/${source}`, { config: {} });
    expect(status).toBe(400);
    expect(body.detail).toMatch(/plugin .*(cannot be loaded|is not named)/);
    expect((await call('PATCH', `/${source}`, { enabled: false })).status).toBe(200);
  }
  await db.query(`delete from plugin_registry where source like 'zz-%'`);
});

test('a client that disconnects during a slow health check leaves no error in the log', async () => {
  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await sourceRow(db, 'note', { config: { creators: ['hana'] }, endpoint: `http://${host}`, allowedHosts: [host] });
  const hangUp = new AbortController();
  silent.on('request', () => hangUp.abort());
  const headers = { authorization: `Bearer ${admin}` };
  const url = `${chat.origin}/api/admin/plugins/note/health`;
  await expect(fetch(url, { method: 'POST', headers, signal: hangUp.signal })).rejects.toThrow();
  expect((await call('GET', '')).status).toBe(200);
  expect(chat.logged.filter((line) => line.includes('a request failed'))).toEqual([]);
  silent.closeAllConnections();
  silent.close();
});
