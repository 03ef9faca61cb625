import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { createStoreContent } from '../../postgres/content/store-content.ts';
import { knownFormats } from '../../sources/readers/formats.ts';
import { describeIngest, runIngest } from './ingest.ts';

const db = await testDatabase();

/** Runs the command as the shell would, with the words after its name. */
async function command(
  words: readonly string[],
  columns?: number,
  signal = new AbortController().signal,
  commercialUse = false,
): Promise<{ code: number; output: string }> {
  let output = '';
  let code = -1;
  let time = 0;
  const terminal = { columns, write };
  function write(text: string): void {
    output += text;
  }
  const program = describeIngest(new Command('ingest')).exitOverride();
  program.action(async (paths: string[], flags) => {
    const store = createStoreContent(db.pool);
    code = await runIngest(paths, flags, {
      store,
      commercialUse,
      terminal,
      clock: () => (time += 500),
      now: () => new Date('2026-11-23T05:06:07Z'),
      signal,
    });
  });
  await program.parseAsync(words, { from: 'user' });
  return { code, output };
}

function directory(files: Readonly<Record<string, string>>): string {
  const home = mkdtempSync(join(tmpdir(), 'ingest-command-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(home, name), content);
  return home;
}

test('options provide the metadata that a file lacks', async () => {
  const home = directory({ 'a.md': 'Text.' });
  const metadata = '--license cc_by_nc --rights-holder Us --retention-years 0 --permission --external-share-consent';
  const policy = [
    '--access-policy',
    '{"readGroups":["staff"],"expiresAt":"2031-05-07"}',
    '--acquired-at',
    '2026-03-05',
  ];
  const { code } = await command([home, ...metadata.split(' '), ...policy, '--source-base', 'https://example.org']);
  expect(code).toBe(0);
  const rows = await db.query(
    `select license_type, rights_holder, retention_years, permission_flag, external_share_consent, access_policy, acquired_at
     from provenance where source_uri = 'https://example.org/a.md'`,
  );
  expect(rows).toEqual([
    {
      license_type: 'cc_by_nc',
      rights_holder: 'Us',
      retention_years: 0,
      permission_flag: true,
      external_share_consent: true,
      access_policy: { readGroups: ['staff'], expiresAt: '2031-05-07T00:00:00.000Z' },
      acquired_at: new Date('2026-03-05T00:00:00Z'),
    },
  ]);
});

test('the report lists skipped and failed files, and a failure sets the exit code', async () => {
  const home = directory({ 'a.md': '---\nlicense: mit\n---\nText.', 'b\u001b[31m.pdf': 'no', 'logo.png': '' });
  const { code, output } = await command([home]);
  expect(code).toBe(1);
  expect(output).toBe(
    `skipped, because each is none of ${knownFormats}: ${home}/logo.png\n` +
      `failed: ${home}/b?[31m.pdf is not a complete PDF file: it is damaged or truncated\n` +
      '1 new, 0 replaced, 0 unchanged, 1 skipped, 1 failed: 1 passage in 1.5 s\n',
  );
});

test('a terminal shows one line of progress and clears it at the end', async () => {
  const home = directory({ 'a.md': 'One.', 'b.md': 'Two.' });
  const { output } = await command([home], 200);
  const [before, first, second, report] = output.split('\r\u001b[K');
  expect(before).toBe('');
  expect(first).toMatch(/^1\/2 files, 1 passage {2}.*\.md$/);
  expect(second).toMatch(/^2\/2 files, 2 passages {2}.*\.md$/);
  expect(report).toMatch(/^2 new/);
});

test('an empty directory fails', async () => {
  expect(await command([directory({})])).toMatchObject({ code: 1 });
});

test.each([
  [['--license', 'shareware'], /license is not a known licence; .* public_domain/],
  [['--retention-years', 'x'], /retentionYears/],
  [['--access-policy', '{'], /accessPolicy is not valid JSON/],
])('%s is rejected before any file is read', async (words, message) => {
  await expect(command([directory({ 'a.md': 'x' }), ...words])).rejects.toThrow(message);
});

test('when stopped, it starts no further file and reports the files ingested so far', async () => {
  const home = directory({ 'never-begun.md': 'This file is not read.' });
  const { output } = await command([home], undefined, AbortSignal.abort());
  expect(output).toContain('0 new, 0 replaced, 0 unchanged');
  expect(await db.query("select from provenance where source_uri like '%never-begun.md'")).toEqual([]);
});

test('the report ends with the files whose use is not permitted and how to permit it, after which they are used', async () => {
  const home = directory({ 'nc.md': '---\nlicense: cc_by_nc\n---\nText.', 'none.md': 'More.', 'ours.md': 'Other.' });
  const base = ['--source-base', 'https://untold.example'];
  const { code, output } = await command([home, ...base], undefined, undefined, true);
  expect(code).toBe(0);
  expect(output.split('\n').slice(1)).toEqual([
    '',
    'NOT USED IN ANSWERS: 3 files are stored, but without permission to use them.',
    `  licence cc_by_nc: ${home}/nc.md`,
    `  no licence: ${home}/none.md, ${home}/ours.md`,
    'To use them, set "license: NAME" or "permission: true" in the files, or pass --license NAME or --permission, and ingest',
    'them again. Licences that allow the use: public_domain, mit, apache_2_0, cc_by, cc_by_sa.',
    '',
  ]);
  expect((await command([home, ...base])).output).toContain('2 files are stored, but without permission');
  expect((await command([home, ...base, '--license', 'cc_by'])).output).toMatch(/2 replaced, 1 unchanged.*\n$/);
  expect((await command([home, ...base, '--permission'], undefined, undefined, true)).output).toMatch(
    /3 replaced.*\n$/,
  );
});

test('the sample documents may be used in answers, commercially too', async () => {
  const { output } = await command(['samples'], undefined, undefined, true);
  expect(output).toMatch(/\n14 new, .*\n$/);
});

test('the report lists files that have already expired, and what to do', async () => {
  const home = directory({
    'old.md': '---\nlicense: mit\nacquiredAt: 2020-11-23\nretentionYears: 5\n---\nOld.',
    'now.md': '---\nlicense: mit\nretentionYears: 0\n---\nNow.',
    'kept.md': '---\nlicense: mit\nacquiredAt: 2020-11-24\nretentionYears: 6\n---\nKept.',
  });
  const { code, output } = await command([home]);
  expect(code).toBe(0);
  expect(output.split('\n').slice(1)).toEqual([
    '',
    'NOT USED IN ANSWERS: 2 files have expired.',
    `  ${home}/now.md (2026-11-23), ${home}/old.md (2025-11-23)`,
    'The next retention run deletes their text. To use them, set retentionYears or acquiredAt in the files, or pass',
    '--retention-years or --acquired-at, and ingest them again.',
    '',
  ]);
  expect(
    await db.query(`select source_uri from provenance where expires_at <= now() and source_uri like '%/now.md'`),
  ).toHaveLength(1);
});
