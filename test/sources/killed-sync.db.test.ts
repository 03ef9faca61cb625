/** Kills `cli -- sources sync` at random times: every item is complete or absent, and the next sync does the rest. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { expectCountsToMatch } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { sourceRow } from '../kit/sources/source.ts';

const db = await testDatabase();
killLeftovers();
const home = mkdtempSync(join(tmpdir(), 'killed-sync-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const files = 307;
const rounds = 5;

const command = () =>
  startChild(process.execPath, ['services/cli.ts', 'sources', 'sync', 'local'], {
    env: { ...process.env, DATABASE_URL: db.url, DATA_DIR: join(home, '..', 'no-data-dir') },
  });

test('after a kill at any time, stored items are complete, and the last sync ingests exactly the missing ones', {
  timeout: 120_000,
}, async () => {
  for (let at = 0; at < files; at++)
    writeFileSync(join(home, `${at}.md`), `# Tide ${at}\n\nThe sea rises ${at} times.\n`);
  await sourceRow(db, 'local', { config: { folders: [{ path: home }], include: ['*.md'] } });
  for (let round = 0; round < rounds; round++) {
    const child = command();
    // Any time from the start of the program to its end.
    await Promise.race([pause(randomInt(300, 3_500)), child.ended()]);
    child.process.kill('SIGKILL');
    await child.ended();
    await expectCountsToMatch(db);
    const torn = await db.query(
      `select key from source_item where version_hash is not null and (select count(*) from provenance
         where provenance.content_id = source_item.content_id and superseded_at is null) <> 1
       union all select source_uri from provenance where not exists (
         select from source_item where source_item.content_id = provenance.content_id)
       union all select title from passage where not exists (
         select from provenance where provenance.content_id = passage.content_id)`,
    );
    expect(torn).toEqual([]);
    // Expires the lease of the killed process instead of waiting for a minute.
    await db.query(`update job_run set lease_until = now() - interval '1 second' where state = 'running'`);
  }
  const before = (await db.query('select count(*) from source_item'))[0]?.count;
  const last = command();
  expect(await last.ended()).toBe(0);
  expect(last.written()).toContain(
    `local: ${files} listed: ${files - before} new, 0 replaced, ${before} unchanged, 0 removed, 0 failed`,
  );
  expect(await db.query('select count(*) from passage')).toEqual([{ count: files }]);
});
