/** Syncs Google Drive from a test server with its API v3: https://developers.google.com/workspace/drive/api/reference/rest/v3. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sourceOptions } from '../../services/jobs/sync-source.ts';
import type { SourceChange } from '../../services/postgres/sources/registry.ts';
import { checkPlugin, type Finding } from '../../services/sources/check-plugin.ts';
import { openSource } from '../../services/sources/open-source.ts';
import type { ListedItem, Listing } from '../../services/sources/plugin.ts';
import { expectCountsToMatch } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { encryptedOffice, presentation, shape, sheetData, workbook } from '../kit/files/office-files.ts';
import {
  type DriveFile,
  document,
  driveFile,
  fault,
  folder,
  shortcut,
  startDriveServer,
} from '../kit/servers/drive-server.ts';
import { asKnown, sourceDeps, sourceRow, sync, syncWithoutStoring } from '../kit/sources/source.ts';

const db = await testDatabase();
const drive = await startDriveServer();
afterAll(drive.close);
const keys: Readonly<Record<string, string>> = {
  DRIVE_KEY: drive.serviceAccount,
  DRIVE_LINE: Buffer.from(drive.serviceAccount).toString('base64'),
  DRIVE_PERSON: drive.authorizedUser,
  DRIVE_REVOKED: drive.authorizedUser.replace('"refresh"', '"revoked"'),
  DRIVE_BROKEN: '{"type":"service_account","client_email":"a@b.example"}',
};
const deps = { ...sourceDeps(db), readKey: (name: string) => keys[name] };

const driveRow = (change: SourceChange = {}) =>
  sourceRow(db, 'google-drive', {
    config: { folders: ['https://drive.google.com/drive/folders/top?usp=sharing'] },
    endpoint: drive.url,
    allowedHosts: [drive.host],
    apiKeyVariable: 'DRIVE_KEY',
    metadata: { license: 'cc_by' },
    enabled: true,
    ...change,
  });

/** Adds or changes files. */
function put(...files: readonly DriveFile[]): void {
  for (const file of files) drive.files.set(file.id, file);
  drive.changed.push(...files.map(({ id }) => id));
}
function remove(id: string): void {
  drive.files.delete(id);
  drive.changed.push(id);
}

beforeEach(async () => {
  await db.query('truncate source_item, source_sync, passage, passage_embedding, passage_term, provenance');
  await db.query('update passage_corpus set passages = 0, term_count = 0');
  Object.assign(drive, { injectFault: () => 'answer', oldestToken: 0, pageSize: 1000, grants: 0, accessToken: '' });
  drive.files.clear();
  drive.changed.length = 0;
  put(driveFile('top', { mimeType: folder, name: 'Top', parents: [] }));
  put(driveFile('within', { mimeType: folder, name: 'Within' }));
  put(
    driveFile('a'),
    driveFile('b', { parents: ['within'] }),
    driveFile('c'),
    driveFile('d', { parents: ['elsewhere'] }),
  );
  drive.asked.length = 0;
});

const titles = async () =>
  (
    await db.query(
      `select distinct title from provenance join passage using (content_id, content_type)
       where superseded_at is null and removed_at is null order by title`,
    )
  ).map(({ title }) => title);
const asked = (part: string) => drive.asked.filter(({ path }) => path.includes(part)).length;

test('the source is registered, disabled and not checked yet', async () => {
  const other = await testDatabase();
  expect(await other.query(`select enabled, health_status from plugin_registry where source = 'google-drive'`)).toEqual(
    [{ enabled: false, health_status: null }],
  );
});

test('the first sync ingests a folder with its subfolders; the next one only reads the change feed', {
  timeout: 120_000,
}, async () => {
  const row = await driveRow();
  expect(await sync(deps, row)).toEqual({
    state: 'succeeded',
    counts: { listed: 3, created: 3, replaced: 0, unchanged: 0, removed: 0, failed: 0, skipped: 0, unusable: 0 },
    error: null,
    failures: [],
  });
  expect(await titles()).toEqual(['a', 'b', 'c']);
  expect(await db.query(`select source_uri, license_type from provenance where source_uri like '%/a/%'`)).toEqual([
    { source_uri: 'https://drive.google.com/file/d/a/view?usp=drivesdk', license_type: 'cc_by' },
  ]);
  drive.asked.length = 0;
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 0, removed: 0 } });
  expect([asked('/changes?'), asked('/files?'), asked('alt=media')]).toEqual([1, 0, 0]);
  await expectCountsToMatch(db);
});

test('changed, new, deleted, trashed and moved files are distinguished', async () => {
  put(driveFile('e'), driveFile('f'));
  const row = await driveRow();
  await sync(deps, row);
  put(driveFile('a', { body: '# a\n\nRewritten.\n' }), driveFile('n'), driveFile('e', { trashed: true }));
  put(driveFile('f', { parents: ['elsewhere'] }), driveFile('x', { parents: ['elsewhere'] }));
  remove('c');
  drive.pageSize = 2;
  expect(await sync(deps, row)).toMatchObject({
    counts: { listed: 2, created: 1, replaced: 1, unchanged: 0, removed: 3, failed: 0 },
  });
  expect(await titles()).toEqual(['a', 'b', 'n']);
  put(driveFile('a', { body: '# a\n\nRewritten.\n', modifiedTime: '2026-05-05T00:00:00.000Z' }));
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 1, unchanged: 1 } });
});

test('an expired feed token, and an added or removed folder, cause a full listing', async () => {
  const row = await driveRow();
  await sync(deps, row);
  remove('c');
  drive.oldestToken = drive.changed.length;
  expect(await sync(deps, row)).toMatchObject({ counts: { unchanged: 2, removed: 1 } });
  drive.files.set('g', driveFile('g', { parents: ['moved'] })); // which the feed does not report
  put(driveFile('moved', { mimeType: folder }));
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 1, unchanged: 2 } });
  put(driveFile('within', { mimeType: folder, trashed: true }));
  expect(await sync(deps, row)).toMatchObject({ counts: { removed: 1, unchanged: 2 } });
});

test('shortcuts to folders and files are followed, and a shortcut to a parent folder does not loop', async () => {
  put(
    driveFile('s1', { mimeType: shortcut, target: 'd' }),
    driveFile('s2', { mimeType: shortcut, target: 'far' }),
    driveFile('far', { mimeType: folder, parents: ['elsewhere'] }),
    driveFile('h', { parents: ['far'] }),
    driveFile('s3', { mimeType: shortcut, target: 'top', parents: ['far'] }),
    driveFile('s4', { mimeType: shortcut, target: 'nowhere' }),
  );
  const row = await driveRow();
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 5, failed: 0 } });
  expect(await titles()).toEqual(['a', 'b', 'c', 'd', 'h']);
  put(driveFile('d', { parents: ['elsewhere'], body: 'Rewritten far away.' }));
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 1, replaced: 1 } });
  remove('s1');
  expect(await sync(deps, row)).toMatchObject({ counts: { removed: 1 } });
});

test('a shared drive, and everything that an account sees, are listed without requests for each folder', async () => {
  for (const file of drive.files.values()) file.driveId = 'd7';
  put(driveFile('mine'));
  expect(await sync(deps, await driveRow({ config: { sharedDrives: ['d7'] } }))).toMatchObject({
    counts: { created: 4 },
  });
  expect(asked('/files?')).toBe(2); // health check, files
  expect(await sync(deps, await driveRow({ config: {} }))).toMatchObject({ counts: { created: 1, unchanged: 4 } });
});

test('documents, spreadsheets and presentations are exported or downloaded; unsupported files are reported with the reason and not requested again', async () => {
  drive.files.clear();
  drive.exportLimit = 10_000;
  put(driveFile('top', { mimeType: folder, parents: [] }));
  const html =
    '<html><head><title>x</title></head><body><h1>潮</h1><p>海が満ちます。<img alt="" src="https://lh7.example/1"></p></body></html>';
  const tides = (port: string) =>
    workbook({
      sheets: [
        {
          name: '潮位',
          body: sheetData([
            ['港', '高さ', '時'],
            [port, 2.1, 7],
          ]),
        },
      ],
    });
  const slides = (text: string) =>
    presentation({ slides: [1, 2].map((at) => ({ shapes: shape('title', `${at}`) + shape('body', text) })) });
  const google = (kind: string) => `application/vnd.google-apps.${kind}`;
  const office = (kind: string) => `application/vnd.openxmlformats-officedocument.${kind}`;
  put(
    driveFile('doc', { name: '潮の話', mimeType: document, body: html }),
    driveFile('plain', { name: 'notes.txt', mimeType: 'text/plain', body: 'The moon pulls.' }),
    driveFile('sheet', {
      name: '潮位',
      mimeType: google('spreadsheet'),
      exports: { [office('spreadsheetml.sheet')]: tides('東京') },
    }),
    driveFile('xlsx', { name: '大阪.xlsx', mimeType: office('spreadsheetml.sheet'), body: tides('大阪') }),
    driveFile('talk', {
      name: '講演',
      mimeType: google('presentation'),
      exports: { [office('presentationml.presentation')]: slides('満潮です。') },
    }),
    driveFile('pptx', {
      name: '干潮.pptx',
      mimeType: office('presentationml.presentation'),
      body: slides('干潮です。'),
    }),
    driveFile('album', {
      name: '写真',
      mimeType: google('presentation'),
      exports: { [office('presentationml.presentation')]: Buffer.alloc(10_001), 'text/plain': '写真の多い講演。' },
    }),
    driveFile('huge', {
      mimeType: google('spreadsheet'),
      exports: { [office('spreadsheetml.sheet')]: Buffer.alloc(10_001) },
    }),
    driveFile('locked', { name: 'locked.xlsx', mimeType: office('spreadsheetml.sheet'), body: encryptedOffice() }),
    driveFile('macro', { name: 'macro.xlsm', mimeType: 'application/vnd.ms-excel.sheet.macroEnabled.12' }),
    driveFile('csv', { name: 'list.csv', mimeType: 'text/csv' }),
    driveFile('odp', { mimeType: 'application/vnd.oasis.opendocument.presentation' }),
    driveFile('broken', { name: 'broken.pdf', mimeType: 'application/pdf', body: '%PDF-1.7 cut off' }),
    driveFile('picture', { name: 'picture.png', mimeType: 'image/png' }),
  );
  const row = await driveRow();
  const { counts, failures } = await sync(deps, row);
  expect(failures.toSorted()).toEqual([
    expect.stringContaining('is a presentation of a format that is not read'),
    expect.stringContaining('is a spreadsheet of a format that is not read'),
    'is encrypted; save a copy without a password',
    'is larger than the 10 MB that Google exports; split it',
    expect.stringContaining('is not a complete PDF file'),
    'may hold macros; save it as .docx, .xlsx or .pptx without them',
  ]);
  expect(counts).toMatchObject({ listed: 13, created: 7, failed: 6 });
  expect(await titles()).toEqual(['notes', '写真', '大阪', '干潮', '潮の話', '潮位', '講演']);
  expect(
    await db.query(
      `select title, heading, page_number, text from passage where title in ('写真', '大阪', '講演') order by title, position`,
    ),
  ).toEqual([
    { title: '写真', heading: '', page_number: null, text: '写真の多い講演。' },
    { title: '大阪', heading: '潮位', page_number: 1, text: '港 | 高さ | 時\n大阪 | 高さ: 2.1 | 時: 7' },
    { title: '講演', heading: '1', page_number: 1, text: '満潮です。' },
    { title: '講演', heading: '2', page_number: 2, text: '満潮です。' },
  ]);
  drive.asked.length = 0;
  // Only the malformed file may have improved, so it is retried although the change feed does not contain it.
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 0, failed: 1 } });
  expect(asked('/export') + asked('alt=media')).toBe(1);
  expect(await db.query('select count(*) from source_item where failure is not null')).toEqual([{ count: 6 }]);
});

test('an expired token is renewed once for all requests', async () => {
  const row = await driveRow();
  let answers = 0;
  drive.injectFault = (request) => {
    // After the listing, between the files.
    if (request.url?.startsWith('/drive') && ++answers === 7) drive.accessToken = 'another';
    return 'answer';
  };
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 3, failed: 0 } });
  expect(drive.grants).toBeLessThanOrEqual(3); // health check, sync, renewal
});

test.each([
  ['DRIVE_LINE', null],
  ['DRIVE_PERSON', null],
  ['DRIVE_REVOKED', 'rejects its credentials (400 invalid_grant)'],
  ['DRIVE_BROKEN', 'private_key'],
  [null, 'has no key'],
])('the key in %s is accepted, or refused with a message: %s', async (apiKeyVariable, message) => {
  const { state, error } = await sync(deps, await driveRow({ apiKeyVariable }));
  if (message === null) expect(state).toBe('succeeded');
  else expect(error).toContain(message);
  expect(error ?? '').not.toMatch(/revoked"|BEGIN|secret/);
});

test('429 with Retry-After, 403 with a rate limit and 500 are retried', async () => {
  const script = [429, 403, 500];
  drive.injectFault = (request, response) => {
    const status = request.url?.startsWith('/drive') ? script.shift() : undefined;
    if (status === undefined) return 'answer';
    const [, body] = fault(status, 'userRateLimitExceeded');
    response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end(JSON.stringify(body));
    return 'answered';
  };
  const start = performance.now();
  expect(await sync(deps, await driveRow())).toMatchObject({ counts: { created: 3 } });
  expect(performance.now() - start).toBeGreaterThanOrEqual(990);
});

test('a folder and a shared drive that do not exist leave the other folders readable, are reported, and remove nothing', async () => {
  const config = { folders: ['nowhere', 'top'], sharedDrives: ['no-drive'] };
  const first = await sync(deps, await driveRow({ config }));
  expect(first.error).toBeNull();
  expect(first).toMatchObject({
    counts: { created: 3, failed: 2 },
    failures: expect.arrayContaining([
      'the folder nowhere does not exist or is not shared with the account',
      'the shared drive no-drive does not exist or is not shared with the account',
    ]),
  });
  remove('a');
  expect(await sync(deps, await driveRow({ config }))).toMatchObject({ counts: { unchanged: 2, removed: 0 } });
  expect(await sync(deps, await driveRow())).toMatchObject({ counts: { removed: 1, failed: 0 } });
  expect(await titles()).toEqual(['b', 'c']);
  expect(await db.query('select key from source_item where failure is not null')).toEqual([]);
});

const answering =
  (status: number, reason: string): typeof drive.injectFault =>
  (request, response) => {
    if (!request.url?.startsWith('/drive')) return 'answer';
    response.writeHead(status).end(JSON.stringify(fault(status, reason)[1]));
    return 'answered';
  };
const faults: Record<string, [typeof drive.injectFault, string]> = {
  'an error': [answering(503, 'backendError'), 'answered 503'],
  'an exhausted quota': [answering(403, 'dailyLimitExceeded'), 'has used up its quota for now'],
  'a disabled API': [answering(403, 'accessNotConfigured'), 'needs the Google Drive API enabled'],
  'a folder that is not shared': [answering(404, 'notFound'), 'the folder top does not exist or is not shared'],
  'a truncated response': [
    (request, response, body) => {
      if (!request.url?.startsWith('/drive')) return 'answer';
      response.writeHead(200, { 'content-length': String(body.length) });
      response.write(body.subarray(0, 50), () => response.destroy());
      return 'answered';
    },
    'cannot be reached',
  ],
  'unexpected JSON': [
    (request, response) => {
      if (!request.url?.startsWith('/drive/v3/files?')) return 'answer';
      response.end('{"files":{}}');
      return 'answered';
    },
    'did not return a list of files',
  ],
  'a circular page token': [
    (request, response, body) => {
      if (!request.url?.startsWith('/drive/v3/files?')) return 'answer';
      response.end(body.toString().replace('"files"', '"nextPageToken":"0","files"'));
      return 'answered';
    },
    'pages lead in circles',
  ],
  'a redirect to loopback': [
    (_, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      return 'answered';
    },
    'redirects what is not a GET',
  ],
};

test.each(Object.entries(faults))(
  'a response with this fault removes nothing, and the sync reports it: %s',
  async (_, [injectFault, message]) => {
    const row = await driveRow();
    await sync(deps, row);
    await db.query('update source_sync set cursor = null');
    drive.files.delete('a');
    drive.injectFault = injectFault;
    const { state, error } = await sync(deps, row);
    expect([state, error]).toEqual(['failed', expect.stringContaining(message)]);
    expect(error).not.toContain('text of the source');
    expect(await titles()).toEqual(['a', 'b', 'c']);
  },
);

test('a download that redirects to a private network, a truncated one and a malformed entry fail individually', async () => {
  put(driveFile('e'));
  drive.injectFault = (request, response, body) => {
    const path = request.url ?? '';
    if (path.includes('/files/a?') && path.includes('alt=media')) {
      response.writeHead(302, { location: 'http://10.0.0.7/a' }).end();
      return 'answered';
    }
    if (path.includes('/files/b?') && path.includes('alt=media')) {
      response.end(body.subarray(0, 9));
      return 'answered';
    }
    if (!path.includes('/files?')) return 'answer';
    response.end(body.toString().replace('"id":"c","name":"c.md"', '"id":"c","name":7'));
    return 'answered';
  };
  const { counts, failures } = await sync(deps, await driveRow());
  expect(counts).toMatchObject({ created: 1, failed: 3 });
  expect(failures.toSorted()).toEqual([
    'has a form that cannot be read',
    expect.stringContaining('which is refused'),
    expect.stringContaining('was truncated or changed during the download'),
  ]);
});

test('ten thousand files need one request per thousand; the next sync only reads the change feed', async () => {
  const many = 10_007;
  drive.files.clear();
  put(driveFile('top', { mimeType: folder, parents: [] }));
  for (let at = 0; at < many; at++) put(driveFile(`f${at}`));
  const source = await openSource(await driveRow(), sourceOptions(deps, new AbortController().signal));
  try {
    const items: ListedItem[] = [];
    const listing = source.plugin.list?.(source.context, null);
    let next = await listing?.next();
    for (; next?.done === false; next = await listing?.next()) items.push(next.value);
    expect(new Set(items.map(({ key }) => key)).size).toBe(many);
    expect(drive.asked.length).toBe(1 + 2 + 11); // a token, the folder, where the feed begins, the files
    drive.asked.length = 0;
    for (let at = 0; at < 31; at++) put(driveFile(`f${at * 300}`, { body: 'Rewritten.' }));
    const end = next?.value as Listing;
    const result = await syncWithoutStoring(source, asKnown(source, items), JSON.parse(JSON.stringify(end.cursor)));
    expect(result.counts).toMatchObject({ listed: 31, replaced: 31, removed: 0, failed: 0 });
    expect(result.taken).toContain('f9000');
    expect(drive.asked.length).toBe(1 + 31);
  } finally {
    await source.close();
  }
});

test('the plugin passes the conformance suite', async () => {
  const findings: Finding[] = [];
  const surroundings = sourceOptions(deps, new AbortController().signal);
  for await (const finding of checkPlugin(await driveRow(), surroundings)) findings.push(finding);
  expect(findings.filter(({ problem }) => problem !== null)).toEqual([]);
  expect(findings.length).toBeGreaterThan(9);
});
