/** Syncs ten thousand documents of a remote source into a real database, with a small heap. */
import { afterAll, expect, test } from 'vitest';
import { expectCountsToMatch } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { type DriveFile, driveFile, folder, startDriveServer } from '../kit/servers/drive-server.ts';
import { sourceRow } from '../kit/sources/source.ts';

const many = 10_007;
/** The heap limit: enough for the state of ten thousand items and a few documents. */
const heapMegabytes = 160;

const db = await testDatabase();
const drive = await startDriveServer();
afterAll(drive.close);
killLeftovers();

function put(file: DriveFile): void {
  drive.files.set(file.id, file);
  drive.changed.push(file.id);
}

const text = (at: number) => `# 第${at}章\n\n${`${at}番目の港では潮が満ちて、また引いていきます。`.repeat(7)}\n`;

async function syncOnce() {
  drive.asked.length = 0;
  const program = ['test/large-sync/sync-once.ts', db.url, 'google-drive', drive.serviceAccount];
  const child = startChild(process.execPath, [`--max-old-space-size=${heapMegabytes}`, ...program]);
  const code = await child.ended();
  if (code !== 0) throw new Error(`the sync ended with ${code}:\n${child.written().slice(-2_000)}`);
  const { megabytes, ...result } = JSON.parse(child.written().trim().split('\n').at(-1) ?? '');
  const fetched = drive.asked.filter(({ path }) => path.includes('alt=media')).length;
  console.log(`${JSON.stringify(result.counts)}: ${megabytes} MB peak memory, ${drive.asked.length} requests`);
  return { ...result, fetched };
}

const counts = (values: object) => ({
  counts: {
    listed: 0,
    created: 0,
    replaced: 0,
    unchanged: 0,
    removed: 0,
    failed: 0,
    skipped: 0,
    unusable: 0,
    ...values,
  },
  error: null,
  failures: 0,
});
const stored = () =>
  db.query(
    `select (select count(*)::int from source_item) as items, (select count(distinct content_id)::int from passage) as documents,
       (select count(*)::int from provenance where removed_at is null and superseded_at is null) as current,
       (select count(*)::int from provenance where removed_at is not null) as tombstones`,
  );

test('ten thousand documents are ingested once; later syncs fetch only changes and remove deleted documents', async () => {
  put(driveFile('top', { mimeType: folder, parents: [] }));
  for (let at = 0; at < many; at++) put(driveFile(`f${at}`, { body: text(at) }));
  await sourceRow(db, 'google-drive', {
    config: { folders: ['top'] },
    endpoint: drive.url,
    allowedHosts: [drive.host],
    apiKeyVariable: 'DRIVE_KEY',
    metadata: { license: 'cc_by' },
    enabled: true,
  });

  expect(await syncOnce()).toEqual({ ...counts({ listed: many, created: many }), fetched: many });
  expect(await stored()).toEqual([{ items: many, documents: many, current: many, tombstones: 0 }]);

  // The change feed is empty.
  expect(await syncOnce()).toEqual({ ...counts({}), fetched: 0 });
  // Everything is listed again, because the feed token has expired.
  drive.oldestToken = drive.changed.length + 1;
  expect(await syncOnce()).toEqual({ ...counts({ listed: many, unchanged: many }), fetched: 0 });
  drive.oldestToken = 0;

  put(driveFile('f7777', { body: '# 改題\n\n書き直した文です。\n' }));
  expect(await syncOnce()).toEqual({ ...counts({ listed: 1, replaced: 1 }), fetched: 1 });
  expect(await db.query(`select title, text from passage where text like '%書き直した%'`)).toEqual([
    { title: 'f7777', text: '書き直した文です。' },
  ]);

  drive.files.delete('f3333');
  drive.changed.push('f3333');
  expect(await syncOnce()).toEqual({ ...counts({ removed: 1 }), fetched: 0 });
  expect(await stored()).toMatchObject([{ documents: many - 1, current: many - 1, tombstones: 1 }]);
  await expectCountsToMatch(db);
});
