/** Documents are listed, inspected, removed and restored, against a real database and real files. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { expectCountsToMatch } from '../../../test/kit/data/content-document.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { sourceDeps, sourceRow, sync } from '../../../test/kit/sources/source.ts';
import { describeDocuments } from './documents.ts';
import { describeIngest, runIngest } from './ingest.ts';
import { createIngestStore } from './ingest-store.ts';

const db = await testDatabase();
const home = mkdtempSync(join(tmpdir(), 'documents-command-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const { signal } = new AbortController();

function writeFile(name: string, text: string): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function ingest(...words: string[]): Promise<{ code: number; output: string }> {
  let output = '';
  let code = -1;
  const terminal = { columns: undefined, write };
  function write(text: string): void {
    output += text;
  }
  const program = describeIngest(new Command('ingest')).exitOverride();
  program.action(async (paths: string[], flags) => {
    const { store, knownBelow, remove } = createIngestStore(db.pool);
    const access = flags.dryRun === true ? { store: null, knownBelow } : { store, knownBelow, remove };
    const deps = { ...access, commercialUse: false, privateDirectories: [join(home, 'data')], terminal, signal };
    code = await runIngest(paths, flags, { ...deps, clock: () => performance.now(), now: () => new Date() });
  });
  await program.parseAsync(words, { from: 'user' }).catch((error: Error) => {
    throw Object.assign(error, { output });
  });
  return { code, output };
}

async function documents(...words: string[]): Promise<{ code: number; output: string }> {
  let output = '';
  let code = -1;
  function write(text: string): void {
    output += text;
  }
  const program = new Command('documents').exitOverride();
  describeDocuments(program, async (action) => {
    code = await action({ pool: db.pool, commercialUse: false, write, signal });
  });
  await program.parseAsync(words, { from: 'user' });
  return { code, output };
}

const stored = async () =>
  (await db.query(`select distinct text from passage where text like 'Door code%' order by text`)).map(
    ({ text }) => text,
  );

test('a dry run prints the text, metadata and rights of each file and stores nothing', async () => {
  writeFile(
    'dry/a.md',
    '---\ntitle: Tides: an introduction\nlicense: CC BY-SA 4.0\nlang: en_GB\n---\n# Moon\n\nThe moon pulls.\n',
  );
  writeFile('dry/b.txt', 'No rights stated.\n');
  const { code, output } = await ingest(join(home, 'dry'), '--dry-run');
  expect(code).toBe(0);
  for (const part of [
    'Tides: an introduction',
    'licence: cc_by_sa',
    'language: en-gb',
    '[1 · Moon]',
    'The moon pulls.',
    'used in answers: NO',
    'dry run, nothing was stored: 2 readable',
  ]) {
    expect(output).toContain(part);
  }
  expect(await db.query('select from provenance')).toEqual([]);
});

test('a renamed file leaves its document until --prune, which removes it with a tombstone', async () => {
  writeFile('site/door.md', '---\nlicense: mit\n---\nDoor code 1111.\n');
  writeFile('site/hall.md', '---\nlicense: mit\n---\nDoor code 2222.\n');
  await ingest(join(home, 'site'));
  renameSync(join(home, 'site/door.md'), join(home, 'site/entrance.md'));
  writeFile('site/entrance.md', '---\nlicense: mit\n---\nDoor code 3333.\n');
  const without = await ingest(join(home, 'site'));
  expect(without.output).toContain('STILL IN USE: 1 document is stored of files that are deleted or have no text');
  expect(await stored()).toEqual(['Door code 1111.', 'Door code 2222.', 'Door code 3333.']);
  const dryRun = await ingest(join(home, 'site'), '--dry-run', '--prune');
  expect(dryRun.output).toMatch(/\nwould remove: file:.*\/site\/door\.md\n1 document would be removed\n$/);
  expect(await stored()).toEqual(['Door code 1111.', 'Door code 2222.', 'Door code 3333.']);
  const { output } = await ingest(join(home, 'site'), '--prune');
  expect(output).toMatch(/2 unchanged, 0 skipped, 0 failed: 2 passages in .* s\n1 document removed\n$/);
  expect(await stored()).toEqual(['Door code 2222.', 'Door code 3333.']);
  expect(await db.query('select reason, passages from retention_audit')).toEqual([
    { reason: 'gone_at_source', passages: 1 },
  ]);
  await expectCountsToMatch(db);
});

test('--prune refuses to remove most of many documents unless it is allowed', async () => {
  for (let at = 0; at < 11; at++) writeFile(`many/${at}.md`, `Low tide ${at}.\n`);
  await ingest(join(home, 'many'), '--license', 'mit');
  for (let at = 1; at < 11; at++) rmSync(join(home, `many/${at}.md`));
  writeFile('many/0.md', 'High tide.\n');
  await expect(ingest(join(home, 'many'), '--prune')).rejects.toMatchObject({
    output: expect.stringContaining('1 replaced, 0 unchanged'),
    message: expect.stringMatching(
      /^the files were ingested as reported, but no document was removed, because 10 of 11 .* --allow-removals$/,
    ),
  });
  expect((await ingest(join(home, 'many'), '--prune', '--dry-run')).output).toContain(
    '10 documents would be removed with --allow-removals (10 of 11 stored documents)',
  );
  expect((await ingest(join(home, 'many'), '--prune', '--allow-removals')).output).toContain('10 documents removed');
});

test('a file that became empty leaves its document until --prune, also if the file itself is named', async () => {
  const files = ['Door code 7771.', 'Door code 7772.'].map((text, at) => writeFile(`emptied/${at}.md`, text));
  await ingest(join(home, 'emptied'), '--license', 'mit');
  for (const file of files) writeFileSync(file, '\n');
  const without = await ingest(join(home, 'emptied'));
  expect(without.output).toContain('STILL IN USE: 2 documents are stored of files that are deleted or have no text');
  expect((await ingest(files[0] ?? '', '--prune')).output).toContain('1 document removed');
  expect(await stored()).not.toContain('Door code 7771.');
  expect((await ingest(join(home, 'emptied'), '--prune')).output).toContain('1 document removed');
  expect(await stored()).not.toContain('Door code 7772.');
});

test('documents are listed with their rights, and shown with their passages', async () => {
  const unused = writeFile('site/unused.md', 'No rights are stated here.\n');
  await ingest(unused);
  const list = await documents('list');
  expect(list.output).toMatch(/mit, 1 passage {2}hall {2}file:.*hall\.md/);
  expect((await documents('list', '--unused')).output).toMatch(
    /NOT USED \(no licence\), 1 passage.*unused\.md\n2 documents\n$/,
  );
  const { output } = await documents('show', join(home, 'site/hall.md'));
  for (const part of ['licence: mit', 'used in answers: yes', '1 passage', 'Door code 2222.'])
    expect(output).toContain(part);
  const id = /id: (\S+)/.exec(output)?.[1] ?? '';
  expect((await documents('show', id)).output).toBe(output);
  await expect(documents('show', 'nowhere.md')).rejects.toThrow('no stored document is named nowhere.md');
});

test('a removed document leaves a tombstone, and no sync brings it back before it is restored', async () => {
  const folder = join(home, 'site');
  const row = await sourceRow(db, 'local', { config: { folders: [{ path: folder }] }, metadata: { license: 'mit' } });
  await sync(sourceDeps(db), row);
  const hall = join(folder, 'hall.md');
  expect((await documents('remove', hall, '--dry-run')).output).toContain('would remove');
  expect(await stored()).toContain('Door code 2222.');
  const { code, output } = await documents('remove', hall);
  expect([code, output]).toEqual([0, expect.stringMatching(/^removed: \S+ {2}hall .*1 passage\n1 document removed/)]);
  expect(await stored()).toEqual(['Door code 3333.']);
  expect(await db.query(`select passages from retention_audit where reason = 'removed_by_operator'`)).toEqual([
    { passages: 1 },
  ]);
  expect(await sync(sourceDeps(db), row)).toMatchObject({ counts: { created: 0, skipped: 1 } });
  writeFile('site/hall.md', 'Door code 4444.\n');
  expect(await sync(sourceDeps(db), row)).toMatchObject({ counts: { created: 0, skipped: 1 } });
  expect((await documents('restore', hall)).code).toBe(0);
  expect(await sync(sourceDeps(db), row)).toMatchObject({ counts: { skipped: 0 } });
  expect(await stored()).toEqual(['Door code 3333.', 'Door code 4444.']);
  await expectCountsToMatch(db);
});

test('a directory is removed only with --yes', async () => {
  const first = await documents('remove', join(home, 'site'));
  expect([first.code, first.output]).toEqual([1, expect.stringContaining('nothing was removed; pass --yes')]);
  expect((await documents('remove', join(home, 'site'), '--yes')).code).toBe(0);
  expect(await stored()).toEqual([]);
  await expectCountsToMatch(db);
});

test('links out of the folder and the data directory are never read, and both are reported', async () => {
  writeFile('data/secret.md', 'Door code 9999.\n');
  writeFile('other/away.md', 'Door code 8888.\n');
  writeFile('open/a.md', 'Fine.\n');
  writeFile('open/c.md', 'Has a companion elsewhere.\n');
  symlinkSync(join(home, 'data/secret.md'), join(home, 'open/link.md'));
  symlinkSync(join(home, 'other'), join(home, 'open/folder'));
  symlinkSync(writeFile('other/c.yaml', 'license: mit\n'), join(home, 'open/c.md.yaml'));
  const { output } = await ingest(join(home, 'open'), join(home, 'data'), join(home, 'data/secret.md'));
  expect(output).toMatch(/is a link that leads outside the folder: .*folder/);
  expect(output).toMatch(/is in the data directory of this service, which is never read: .*link\.md/);
  expect(output).toContain('c.md.yaml is a link that leads outside the folder');
  expect(output.match(/failed: \S+data\S* is in the data directory/g)).toHaveLength(2);
  expect(await stored()).toEqual([]);
});

test('rights that ingest stated survive every sync, a file’s own statement overrides them, and unusable documents are counted', async () => {
  const folder = join(home, 'rights');
  const own = writeFile('rights/own.md', '---\nlicense: all_rights_reserved\n---\nThe file decides.\n');
  const granted = writeFile('rights/granted.md', 'Granted with the command.\n');
  await ingest(own, granted, '--license', 'CC BY 4.0', '--rights-holder', 'The harbour');
  writeFile('rights/later.md', 'No rights are stated here.\n');
  const row = await sourceRow(db, 'local', { config: { folders: [{ path: folder }] }, metadata: null });
  const rights = () =>
    db.query(
      `select license_type, rights_holder from provenance
       where superseded_at is null and removed_at is null and source_uri like '%/rights/%' order by source_uri`,
    );
  const expected = [
    { license_type: 'cc_by', rights_holder: 'The harbour' },
    { license_type: null, rights_holder: null },
    { license_type: 'all_rights_reserved', rights_holder: 'The harbour' },
  ];
  const first = await sync(sourceDeps(db), row, { allowRemovals: true });
  expect([first.counts?.created, first.counts?.unusable]).toEqual([1, expect.any(Number)]);
  expect(first.counts?.unusable).toBeGreaterThanOrEqual(2);
  expect(await rights()).toEqual(expected);
  writeFile('rights/granted.md', 'Granted with the command, and changed.\n');
  expect(await sync(sourceDeps(db), row)).toMatchObject({ counts: { replaced: 1 } });
  expect(await rights()).toEqual(expected);
});

test('the documents of a folder that leaves the configuration are removed, and those that an operator ingested stay', async () => {
  writeFile('first/a.md', 'First folder.\n');
  writeFile('second/b.md', 'Second folder.\n');
  const folders = (...names: string[]) => ({ config: { folders: names.map((name) => ({ path: join(home, name) })) } });
  await sync(sourceDeps(db), await sourceRow(db, 'local', folders('first', 'second')), { allowRemovals: true });
  const { counts } = await sync(sourceDeps(db), await sourceRow(db, 'local', folders('second', 'missing')));
  expect(counts).toMatchObject({ failed: 1 });
  expect(counts?.removed).toBeGreaterThanOrEqual(1);
  expect(await db.query(`select 1 from passage where text = 'First folder.'`)).toEqual([]);
  expect(await db.query(`select 1 from passage where text = 'Second folder.'`)).toHaveLength(1);
  expect(await db.query(`select 1 from passage where text like 'Granted with%'`)).toHaveLength(1);
});
