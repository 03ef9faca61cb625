/** Services and their keys: the admin API on a login with the chat server's roles only, and the commands. */

import { Command } from 'commander';
import { expect, test } from 'vitest';
import { describeServices } from '../../services/commands/services/services.ts';
import { makeLogin } from '../kit/database/login.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { returnsTurn, runIntake } from './rest-service.ts';

const db = await testDatabase();
const { chat, call } = await runIntake({ ...db, url: await makeLogin(db, ['rag_app', 'rag_recorder', 'rag_auditor']) });
const token = await chat.token(undefined, 'admin');
const admin = (method: string, path: string, body?: unknown) => call(method, `/api/admin/services${path}`, token, body);

test('an administrator adds a service, changes it, makes and revokes keys and removes it', async () => {
  const added = await admin('POST', '', { name: 'library' });
  expect(added.json).toMatchObject({ service: 'library', key: expect.stringMatching(/^ragk_[\w-]{43}$/) });
  expect((await admin('POST', '', { name: 'library' })).status).toBe(400);
  const change = {
    requestsPerMinute: 7,
    noAnswerPhrases: ['not in the library'],
    masks: [{ pattern: '\\d{4}', replacement: '#' }],
  };
  expect((await admin('PATCH', '/library', change)).json).toMatchObject({ name: 'library', ...change, keys: 1 });
  expect((await admin('PATCH', '/library', { masks: [{ pattern: '(', replacement: '' }] })).json.errors).toEqual([
    { field: 'masks.0.pattern', message: 'is not a regular expression' },
  ]);
  const second = await admin('POST', '/library/keys', {});
  const third = await admin('POST', '/library/keys', { revokeOthers: true });
  const { json } = await admin('GET', '/library/keys');
  expect(json.keys.map(({ id, revokedAt }: { id: string; revokedAt: unknown }) => [id, revokedAt !== null])).toEqual([
    [third.json.keyId, false],
    [second.json.keyId, true],
    [added.json.keyId, true],
  ]);
  expect(JSON.stringify(json)).not.toContain(third.json.key.slice(12));
  expect((await call('POST', '/api/turns', added.json.key, returnsTurn)).status).toBe(401);
  expect((await call('POST', '/api/turns', third.json.key, returnsTurn)).status).toBe(200);
  expect((await admin('DELETE', `/library/keys/${third.json.keyId}`)).status).toBe(204);
  expect((await admin('DELETE', `/library/keys/${third.json.keyId}`)).status).toBe(404);
  expect((await admin('DELETE', '/library')).status).toBe(204);
  expect((await admin('DELETE', '/library')).status).toBe(404);
  expect((await admin('GET', '/library/keys')).status).toBe(404);
});

test('only an administrator may, and the built-in service takes no key', async () => {
  const learner = await chat.token();
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['POST', '', { name: 'mine' }],
    ['POST', '/library/keys', {}],
  ] as const) {
    expect((await call(method, `/api/admin/services${path}`, learner, body)).status).toBe(403);
  }
  expect((await admin('POST', '', { name: 'rag-chat' })).status).toBe(400);
  expect((await admin('POST', '/rag-chat/keys', {})).status).toBe(404);
  expect((await admin('DELETE', '/rag-chat')).status).toBe(404);
  expect((await admin('POST', '', { name: 'Not A Name' })).status).toBe(400);
});

test('a service that sends too often is refused with Retry-After, and another is not', async () => {
  const [busy, calm] = [await admin('POST', '', { name: 'busy' }), await admin('POST', '', { name: 'calm' })];
  await admin('PATCH', '/busy', { requestsPerMinute: 2 });
  const statuses = [];
  for (let sent = 0; sent < 3; sent += 1)
    statuses.push((await call('POST', '/api/turns', busy.json.key, returnsTurn)).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await call('POST', '/api/turns', calm.json.key, returnsTurn)).status).toBe(200);
});

test('no statement of the server was denied', () => {
  expect(chat.logged.filter((line) => /permission denied|row-level security|cannot take the role/.test(line))).toEqual(
    [],
  );
});

async function run(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const deps = {
    owner: db.pool,
    baseUrl: 'http://localhost:3000',
    write: (text: string) => void printed.push(text),
  };
  const program = new Command().exitOverride();
  describeServices(program.command('services'), async (action) => void (await action(deps)));
  await program.parseAsync(['services', ...args], { from: 'user' });
  return printed.join('');
}

test('the commands add, list, rotate, configure and remove', async () => {
  const lines = await run('add', 'help-desk');
  const key = /ragk_[\w-]{43}/.exec(lines)?.[0] ?? '';
  expect(lines).toContain('http://localhost:3000/api/turns');
  expect((await call('POST', '/api/turns', key, returnsTurn)).status).toBe(200);
  const next = (await run('rotate', 'help-desk', '--key-only')).trim();
  expect(next).toMatch(/^ragk_[\w-]{43}$/);
  expect((await call('POST', '/api/turns', next, returnsTurn)).status).toBe(200);
  expect(await run('list')).toMatch(/rag-chat: built in\n/);
  expect(await run('list')).toMatch(/help-desk: 1 key, added /);
  const listed = (await run('keys', 'help-desk')).trim().split('\n');
  expect(listed.map((line) => /revoked/.test(line))).toEqual([false, true]);
  await run(
    'configure',
    'help-desk',
    '--mask',
    '\\d{3}',
    'abc+',
    '--not-found-phrase',
    'sorry',
    '--requests-per-minute',
    '9',
  );
  expect(
    await db.query(`select masks, no_answer_phrases, requests_per_minute from rag_service where name = 'help-desk'`),
  ).toEqual([
    {
      masks: [
        { pattern: '\\d{3}', replacement: '***' },
        { pattern: 'abc+', replacement: '***' },
      ],
      no_answer_phrases: ['sorry'],
      requests_per_minute: 9,
    },
  ]);
  await run('configure', 'help-desk', '--mask', '');
  await run('remove', 'help-desk');
  expect(await run('list')).toMatch(/help-desk: removed /);
  expect((await run('add', 'help-desk', '--key-only')).trim()).toMatch(/^ragk_/);
});

test.each([
  [['add', 'Bad Name'], /invalid name/],
  [['add', 'rag-chat'], /built-in/],
  [['rotate', 'nothing'], /no service named nothing/],
  [['keys', 'nothing'], /no service named nothing/],
  [['configure', 'nothing', '--mask', '('], /is not a regular expression/],
  [['remove', 'nothing'], /no service named nothing/],
])('services %s is refused with a reason', async (args, reason) => {
  await expect(run(...args)).rejects.toThrow(reason);
});
