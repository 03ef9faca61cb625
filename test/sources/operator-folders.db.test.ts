import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';
import { sourceRow } from '../kit/sources/source.ts';

const db = await testDatabase();
const home = realpathSync(mkdtempSync(join(tmpdir(), 'rag-roots-')));
const [root, configured, secret] = ['root', 'configured', 'secret'].map((name) => join(home, name)) as [
  string,
  string,
  string,
];
for (const folder of [root, join(root, 'course'), configured, secret, join(home, 'root2')]) mkdirSync(folder);
symlinkSync(secret, join(root, 'link'));
await sourceRow(db, 'local', { config: { folders: [{ path: configured }] } });
const chat = await runChat(db.url, { SOURCE_ROOTS: root });

async function configure(...paths: string[]) {
  const response = await fetch(`${chat.origin}/api/admin/plugins/local`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${await chat.token(undefined, 'admin')}` },
    body: JSON.stringify({ config: { folders: paths.map((path) => ({ path })) } }),
  });
  return { status: response.status, text: await response.text() };
}

test.each([
  '/etc',
  '/',
  secret,
  home,
  join(home, 'root2'),
  `${root}/../secret`,
  `${root}/./course/../../secret`,
  join(root, 'link'),
  '/proc/self/environ',
])('an administrator cannot make the worker read %s over HTTP', async (path) => {
  const { status, text } = await configure(root, path);
  expect(status).toBe(400);
  expect(text).toContain('SOURCE_ROOTS');
});

test('an administrator chooses from the folders of the operator', async () => {
  expect((await configure(join(configured, 'a'), root, join(root, 'course'), join(root, 'later'))).status).toBe(200);
});
