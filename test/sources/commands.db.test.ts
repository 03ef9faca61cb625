/** The `sources` commands of docs/sources.md, run against each remote service. */
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { describeSources } from '../../services/commands/content/sources.ts';
import { loadConfig } from '../../services/config.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { driveFile, folder, startDriveServer } from '../kit/servers/drive-server.ts';
import { notionId, notionPage, startNotionServer } from '../kit/servers/notion-server.ts';
import { channel, startYouTubeServer, video } from '../kit/servers/youtube-server.ts';

const db = await testDatabase();
const worker = connect(db.url, { name: 'test-sources', role: 'rag_worker' });
const [drive, notion, youtube] = await Promise.all([startDriveServer(), startNotionServer(), startYouTubeServer()]);
afterAll(async () => {
  await Promise.all([drive.close(), notion.close(), youtube.close(), worker.end()]);
});
killLeftovers();

drive.files.set('top', driveFile('top', { mimeType: folder, parents: [] }));
for (const id of ['a', 'b', 'c']) drive.files.set(id, driveFile(id));
const database = notionId(1, 'd9824bdc');
const rows = notionId(2, '0b0b0b0b');
notion.databases.set(database, [rows]);
for (const at of [1, 2, 3]) notion.pages.set(notionId(at), notionPage(at, { parent: { data_source_id: rows } }));
youtube.videos = [1, 2, 3].map((at) => video(at));
const person = (refresh_token: string) =>
  JSON.stringify({ client_id: 'client-7', client_secret: 'secret-7', refresh_token });

type Environment = Readonly<Record<string, string>>;

/** Runs `sources` with these arguments; an exception becomes the last line of the output, as in the program. */
async function run(environment: Environment, ...words: readonly string[]): Promise<{ code: number; output: string }> {
  let output = '';
  let code = 1;
  const write = (text: string) => {
    output += text;
  };
  const { readKey } = loadConfig(environment);
  const program = new Command('sources').exitOverride();
  describeSources(program, async (action) => {
    code = await action({
      owner: db.pool,
      worker,
      readKey,
      commercialUse: false,
      terminal: { write, columns: undefined },
      clock: () => performance.now(),
      signal: new AbortController().signal,
      now: () => new Date(),
      limits: { backOffMs: 1, perMinute: 600_000 },
    });
  });
  await program.parseAsync(words, { from: 'user' }).catch((error: Error) => write(`${error.message}\n`));
  return { code, output };
}

const services = {
  'google-drive': {
    server: drive,
    endpoint: drive.url,
    variable: 'DRIVE_KEY',
    config: '{"folders":["https://drive.google.com/drive/folders/top"]}',
    odd: '{"folder":["top"]}',
    names: 'folders, sharedDrives, subject, fullListingHours',
    good: drive.serviceAccount,
    bad: drive.serviceAccount.replace('reader@', 'another@'),
    refused:
      'rejects its credentials (400 invalid_grant); they were revoked or have expired, or the clock of this machine is wrong',
  },
  notion: {
    server: notion,
    endpoint: notion.url,
    variable: 'NOTION_SECRET',
    config: `{"databases":["https://www.notion.so/${database.replaceAll('-', '')}"]}`,
    odd: '{"database":["x"]}',
    names: 'databases, pages, properties, textProperties, fullListingHours',
    good: 'ntn_secret',
    bad: 'ntn_another',
    refused: 'rejects its key (unauthorized); check the secret of the connection',
  },
  youtube: {
    server: youtube,
    endpoint: `${youtube.url}/youtube/v3`,
    variable: 'YOUTUBE_CREDENTIALS',
    config: `{"channels":["${channel}"]}`,
    odd: `{"channel":["${channel}"]}`,
    names: 'channels, playlists, languages, automaticCaptions, unlisted, since, captionsAgainDays',
    good: person('refresh-1'),
    bad: person('refresh-7'),
    refused: 'rejects its credentials (400 invalid_grant)',
  },
} as const;
type Service = (typeof services)[keyof typeof services];
const each = Object.entries(services) as [string, Service][];

test.each(each)(
  '%s is configured, checked, enabled, synced and listed',
  { timeout: 120_000 },
  async (name, service) => {
    const { variable, server } = service;
    const environment = { [variable]: service.good };
    const place = ['--endpoint', service.endpoint, '--api-key-variable', variable, '--sync-every', '7'];
    expect(await run(environment, 'configure', name, ...place, '--config', service.config)).toEqual({
      code: 0,
      output: `configured ${name}; next: sources check ${name}, sources enable ${name}\n`,
    });
    const closed = await run(environment, 'check', name);
    expect(closed.output).toContain('leads to loopback or a private network, which is refused; allow the host');
    expect(closed.output).toContain('(--allow-host)');
    await run(environment, 'configure', name, '--allow-host', server.host);

    const checked = await run(environment, 'check', name);
    expect(checked.output.split('\n').filter((line) => !line.startsWith('ok '))).toEqual(['']);
    expect(checked.output).toContain('ok      fetches item 3 with the same text twice');
    expect(checked.code).toBe(0);
    expect(await run(environment, 'sync', name)).toEqual({
      code: 1,
      output: `${name} is disabled; run: sources enable ${name}\n`,
    });
    expect(await run(environment, 'enable', name)).toEqual({ code: 0, output: `${name} is enabled\n` });
    expect(await run(environment, 'health', name)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/: healthy \(\d+ ms\)\n$/),
    });
    const counts = (created: number) =>
      `3 listed: ${created} new, 0 replaced, ${3 - created} unchanged, 0 removed, 0 failed`;
    expect(await run(environment, 'sync', name)).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${name}: ${counts(3)}`),
    });
    const { output } = await run(environment, 'list');
    expect(output).toMatch(
      new RegExp(`^${name}: .*, enabled, healthy \\(\\d+ ms\\), 3 items, synced every 7 min$`, 'm'),
    );
    expect(output).toContain(`  last sync: succeeded, `);
    expect(output).not.toContain(service.good);
    expect(await run(environment, 'disable', name)).toEqual({ code: 0, output: `${name} is disabled\n` });
    expect((await run({}, 'list')).output).toMatch(new RegExp(`^${name}: .*, disabled,`, 'm'));
  },
);

test.each(each)('%s: a wrong or missing key is reported with what to do, and never shown', async (name, service) => {
  const { variable, good, bad, refused } = service;
  await run({ [variable]: good }, 'enable', name);
  for (const words of [
    ['check', name],
    ['health', name],
    ['sync', name],
  ]) {
    const wrong = await run({ [variable]: bad }, ...words);
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining(refused) });
    expect(wrong.output).not.toContain(bad);
    for (const environment of [{}, { [variable]: ' ' }]) {
      expect(await run(environment, ...words)).toMatchObject({
        code: 1,
        output: expect.stringContaining(
          `the variable ${variable} for its key is not set; set it where this runs, or name another (--api-key-variable)`,
        ),
      });
    }
  }
  expect((await run({}, 'list')).output).toContain(`  last error: the source is down: the variable ${variable}`);
  expect((await run({}, 'configure', name, '--api-key-variable', variable)).output).toContain(
    `warning: ${variable} is not set here; the worker and the commands check, sync and health need it\n`,
  );
  await run({}, 'configure', name, '--api-key-variable', '');
  expect((await run({}, 'sync', name)).output).toContain('--api-key-variable');
  await run({ [variable]: good }, 'configure', name, '--api-key-variable', variable);
  expect(await run({ [variable]: good }, 'sync', name)).toMatchObject({ code: 0 });
});

test.each(each)(
  '%s: invalid settings are reported by name, and nothing is changed',
  { timeout: 120_000 },
  async (name, service) => {
    const row = () =>
      db.query(`select config, metadata, api_endpoint, api_key_env_var from plugin_registry where source = '${name}'`);
    const before = await row();
    const refusals: readonly (readonly [words: readonly string[], message: string])[] = [
      [['--config', "{databases:['x']}"], '--config: not valid JSON ('],
      [['--config', "{databases:['x']}"], `the whole value with ': --config '{"name":["value"]}'`],
      [['--config', service.odd], `Unrecognized key: "${Object.keys(JSON.parse(service.odd))[0]}"`],
      [['--config', service.odd], `; there are: ${service.names}\n`],
      [['--config', '[]'], 'config: Invalid input: expected object, received array'],
      [['--config', `{"${service.names.split(',')[0]}":"x"}`], 'Invalid input: expected array, received string'],
      [
        ['--metadata', '{"licence":"cc_by"}'],
        'there is none of the name licence; there are: title, contentType, materialId, license',
      ],
      [['--metadata', '{"license":"free"}'], 'license is not a known licence'],
      [['--endpoint', 'localhost:80'], 'begins with http:// or https://'],
      [['--api-key-variable', 'ntn_secret'], 'must be the NAME of an environment variable, in capitals'],
      [['--api-key-variable', 'DATABASE_URL'], 'configures the service itself'],
      [['--sync-every', 'hourly'], 'must be a number of minutes'],
    ];
    for (const [words, message] of refusals) {
      expect(await run({}, 'configure', name, ...words)).toMatchObject({
        code: 1,
        output: expect.stringContaining(message),
      });
    }
    expect(await row()).toEqual(before);
    expect((await run({}, 'configure', `${name}s`, '--config', '{}')).output).toBe(
      `unknown source ${name}s; known sources: google-drive, local, note, notion, youtube\n`,
    );
  },
);

test('the CLI program does the same with its own environment and exit code', { timeout: 120_000 }, async () => {
  const { variable, good, bad } = services.notion;
  const cli = async (key: string | undefined, ...words: readonly string[]) => {
    const { [variable]: _, ...environment } = process.env;
    const child = startChild(process.execPath, ['services/cli.ts', 'sources', ...words], {
      env: { ...environment, DATABASE_URL: db.url, ...(key !== undefined && { [variable]: key }) },
    });
    return { code: await child.ended(), output: child.written() };
  };
  expect(await cli(good, 'sync', 'notion')).toMatchObject({
    code: 0,
    output: expect.stringContaining('3 unchanged'),
  });
  expect(await cli(bad, 'sync', 'notion')).toMatchObject({
    code: 1,
    output: expect.stringContaining('rejects its key'),
  });
  const odd = await cli(undefined, 'configure', 'notion', '--config', '{');
  expect(odd).toMatchObject({ code: 1, output: expect.stringContaining('--config: not valid JSON') });
  expect(odd.output).not.toContain('    at ');
});
