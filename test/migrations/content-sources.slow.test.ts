/** What migrations do to content, and to syncs, that were there before them. */
import { expect, test } from 'vitest';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { contentDocument } from '../kit/content-document.ts';
import { inDatabase } from './in-database.ts';

const telling = '0030_tell-sources-of-content';

test('each content gets its source and the language of its first passage; what others wrote is left alone', () =>
  inDatabase(async (db) => {
    await migrate(db.url);
    const store = createStoreContent(db.pool);
    await store(contentDocument({ title: 'ja' }, ['潮は満ちたり引いたりします。']));
    await store(contentDocument({ title: 'en' }, ['The tide of the sea.']));
    await store(contentDocument({ title: 'de' }, ['Die Flut kommt.']));
    // More than two batches, one of them full.
    await db.query(
      `insert into provenance (content_id, content_type, source_uri, acquisition_method)
       select gen_random_uuid(), 'generated', 'old:' || at, 'system_import' from generate_series(1, 997) as at`,
    );
    await db.query(
      `insert into provenance (content_id, content_type, source_uri) values (gen_random_uuid(), 'generated', 'others')`,
    );
    await db.query('update provenance set source = null, language = null');
    while ((await migrate(db.url, { direction: 'down' }))[0] !== telling);
    await migrate(db.url);
    expect(
      await db.query(
        `select coalesce(title, left(source_uri, 3)) as about, provenance.source, language, count(*)
         from provenance left join materials on materials.id = material_id group by 1, 2, 3 order by 1`,
      ),
    ).toEqual([
      { about: 'de', source: 'local', language: null, count: 1 },
      { about: 'en', source: 'local', language: 'en', count: 1 },
      { about: 'ja', source: 'local', language: 'ja', count: 1 },
      { about: 'old', source: 'local', language: null, count: 997 },
      { about: 'oth', source: null, language: null, count: 1 },
    ]);
  }));

test('of two syncs of a source that an older version let run at once, the one whose lease ends later goes on', () =>
  inDatabase(async (db) => {
    await migrate(db.url);
    while ((await migrate(db.url, { direction: 'down' }))[0] !== '0043_keep-syncs-apart');
    await db.query(
      `insert into job_run (job, day, state, worker, lease_until)
       select 'sync:note', '2026-03-07'::date + at, 'running', at::text, now() + at * interval '7 seconds'
       from generate_series(1, 2) as at`,
    );
    await migrate(db.url);
    expect(await db.query('select worker, state, error from job_run order by worker')).toEqual([
      { worker: '1', state: 'failed', error: 'another sync of the source was under way' },
      { worker: '2', state: 'running', error: null },
    ]);
  }));
