/** The plugin of docs/sources.md, outside of this repository, with the commands of that page. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { describeSources } from '../../services/commands/content/sources.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { blocksOf } from '../kit/files/markdown-blocks.ts';
import { startWebServer } from '../kit/servers/web-server.ts';

const db = await testDatabase();
const worker = connect(db.url, { name: 'test-sources', role: 'rag_worker' });
afterAll(() => worker.end());
const home = mkdtempSync(join(tmpdir(), 'plugin-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const [code = ''] = blocksOf(readFileSync('docs/sources.md', 'utf8'), 'js');
writeFileSync(join(home, 'releases.mjs'), code);

const notes = new Map([
  ['1.0', { updatedAt: '2026-03-01T00:00:00Z', text: '# Tides 1.0\n\nThe sea is measured for the first time.\n' }],
  ['1.1', { updatedAt: '2026-03-05T00:00:00Z', text: '# Tides 1.1\n\nThe moon is measured too.\n' }],
]);
const service = await startWebServer((request, response) => {
  if (request.url === '/tides/notes') {
    const url = (id: string) => `https://releases.example.org/tides/${id}`;
    const listed = [...notes].map(([id, { updatedAt }]) => ({ id, updatedAt, url: url(id) }));
    return void response.end(JSON.stringify(listed));
  }
  const found = notes.get(decodeURIComponent(request.url?.split('/').at(-1) ?? ''));
  if (request.headers.authorization !== 'Bearer s3cret') return void response.writeHead(401).end();
  response.writeHead(found ? 200 : 404).end(found?.text);
});
afterAll(service.close);

async function run(...words: string[]): Promise<{ code: number; output: string }> {
  let output = '';
  let exit = -1;
  function write(text: string): void {
    output += text;
  }
  const program = new Command('sources').exitOverride();
  describeSources(program, async (action) => {
    exit = await action({
      owner: db.pool,
      worker,
      readKey: (variable) => (variable === 'RELEASES_KEY' ? 's3cret' : undefined),
      commercialUse: false,
      terminal: { write, columns: undefined },
      clock: () => performance.now(),
      signal: new AbortController().signal,
      now: () => new Date(),
      limits: { backOffMs: 1, perMinute: 600_000 },
    });
  });
  await program.parseAsync(words, { from: 'user' });
  return { code: exit, output };
}

test('the documented plugin has fewer than forty lines and no imports', () => {
  expect(code.trim().split('\n').length).toBeLessThan(40);
  expect(code).not.toContain('import');
});

test('the plugin is added, configured, checked, enabled and synced, and its documents are found', async () => {
  const module = join(home, 'releases.mjs');
  expect(await run('add', 'releases', '--module', module, '--name', 'Release notes')).toMatchObject({ code: 0 });
  const row = ['--endpoint', service.url, '--config', '{"project":"tides"}', '--allow-host', service.host];
  await run('configure', 'releases', ...row, '--api-key-variable', 'RELEASES_KEY');
  expect((await run('check', 'releases')).output.split('\n')).toEqual([
    'ok      opens with its row',
    'ok      matches its registry row',
    'ok      rejects an invalid configuration',
    'ok      lists items, each key once',
    'ok      lists the same items again, with the same versions',
    'ok      resumes from its cursor',
    'ok      fetches item 1 with the same text twice',
    'ok      fetches item 2 with the same text twice',
    'ok      does not expose its API key',
    'ok      stops soon after its signal is aborted',
    'ok      returns search results',
    '',
  ]);
  await expect(run('sync', 'releases')).rejects.toThrow('releases is disabled');
  await run('enable', 'releases');
  expect((await run('health', 'releases')).output).toMatch(/^releases: healthy \(\d+ ms\)\n$/);
  expect((await run('sync', 'releases')).output).toMatch(
    /^releases: 2 listed: 2 new, 0 replaced, 0 unchanged, 0 removed, 0 failed in [\d.]+ s\n$/,
  );
  expect((await run('search', 'releases', 'moon')).output).toContain('https://releases.example.org/tides/1.1');
  expect((await run('list')).output).toContain('releases: Release notes, enabled, healthy');
  expect(
    await db.query(`select license_type, rights_holder, source from provenance where source_uri like '%/tides/1.0'`),
  ).toEqual([{ license_type: 'cc_by', rights_holder: 'The project', source: 'releases' }]);
});

test('items that could not be ingested are reported with the reason and the time of the next attempt', async () => {
  expect(await run('failing', 'releases')).toEqual({ code: 0, output: '' });
  notes.set('1.2', { updatedAt: '2026-03-06T00:00:00Z', text: '\0' });
  expect((await run('sync', 'releases')).code).toBe(1);
  expect((await run('list')).output).toContain('1 items failed; for the reasons run: sources failing releases');
  const { code: exit, output } = await run('failing', 'releases');
  expect(exit).toBe(1);
  expect(output).toMatch(/^1\.2\n {2}.+\n {2}failed once; next attempt at 20\d\d-[\dT:.-]+Z\n$/);
  notes.delete('1.2');
  await run('sync', 'releases');
});

test('changes and deletions at the service are synced', async () => {
  notes.set('1.0', { updatedAt: '2026-03-07T00:00:00Z', text: '# Tides 1.0\n\nThe sea is measured again.\n' });
  notes.delete('1.1');
  expect((await run('sync', 'releases')).output).toContain('1 listed: 0 new, 1 replaced, 0 unchanged, 1 removed');
});

test('a package directory is accepted as a relative path and stored as an absolute one', async () => {
  const path = join(home, 'package');
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{ "type": "module", "main": "source.js" }');
  writeFileSync(join(path, 'source.js'), `export default { version: '7', configuration: (z) => z.object({}) };`);
  const here = relative(process.cwd(), path);
  expect(here).toMatch(/^\./);
  await run('add', 'package', '--module', here);
  expect(await db.query(`select module, version from plugin_registry where source = 'package'`)).toEqual([
    { module: path, version: '7' },
  ]);
  expect((await run('check', 'package')).code).toBe(0);
});

test('each violation of the plugin contract is reported by name', async () => {
  const path = join(home, 'broken.mjs');
  writeFileSync(
    path,
    `export default {
      version: '1', configuration: (z) => z.any(),
      async *list({ signal }) { yield { key: 'a' + Math.random(), version: 'x', uri: 'https://x.example' }; return { cursor: null, covers: 'all' }; },
      fetch: async () => ({ body: String(Math.random()), format: 'text' }),
      health: async () => { throw new Error('text of the source'); },
    };`,
  );
  await run('add', 'broken', '--module', path);
  await db.query(`update plugin_registry set version = '0.9' where source = 'broken'`);
  const { code: exit, output } = await run('check', 'broken').catch((error) => ({ code: 9, output: String(error) }));
  expect(exit).toBe(1);
  expect(output).toContain('FAILED  matches its registry row: differs from its row in: version');
  expect(output).toContain('FAILED  rejects an invalid configuration: accepts the text "nonsense"');
  expect(output).toContain('FAILED  lists the same items again, with the same versions: the second listing differs');
  expect(output).toContain(
    'FAILED  fetches item 1 with the same text twice: the second fetch returned a different text',
  );
  expect(output).toContain('FAILED  is healthy: could not be read: the reader failed (Error)');
  expect(output).not.toContain('text of the source');
});

test.each([
  ['export const list = 1;', 'has no default export that is an object'],
  ['export default { version: "1" };', 'has no configuration: (z) => schema'],
  ['export default { version: "1", configuration: (z) => z.object({}), list() {} };', 'needs both list and fetch'],
  ['export default {', 'cannot be loaded'],
])('%s is refused when it is added', async (text, message) => {
  const path = join(home, `${Math.random()}.mjs`);
  writeFileSync(path, text);
  await expect(run('add', 'other', '--module', path)).rejects.toThrow(message);
});

test('a secret of the service itself is refused as the key of a source', async () => {
  await expect(run('configure', 'note', '--api-key-variable', 'a b')).rejects.toThrow(
    'the NAME of an environment variable',
  );
});
