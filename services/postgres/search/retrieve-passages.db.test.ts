import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBm25 } from '../../../bench/bm25-in-memory.ts';
import { createDatabase, type TestDatabase, testDatabase } from '../../../test/kit/database/test-database.ts';
import { planSearch } from '../../chat/search/plan-search.ts';
import { ServiceFailure } from '../../failure/service-failure.ts';
import type { AccessPolicy, ContentDocument } from '../../provenance/content.ts';
import { licenses } from '../../provenance/license.ts';
import { mayUse } from '../../provenance/may-use.ts';
import { connect } from '../client/connect.ts';
import { createStoreContent } from '../content/store-content.ts';
import { createRetrieve } from './retrieve-passages.ts';
import { searchPassages } from './search-passages.ts';
import { readTermRarity } from './term-rarity.ts';

const db = await testDatabase();
const requester = { userId: 'learner-7', role: 'learner', groups: [], ip: null, country: null };
const today = new Date('2026-03-07T04:05:06Z');

const documents: Record<string, Partial<ContentDocument> & { text: readonly string[] }> = {
  backup: { text: ['A backup copies files to another disk.', 'Restore the files from the backup with rsync.'] },
  license: { text: ['A licence says what others may do with a work.', 'Files without a licence may not be shared.'] },
  ferret: { text: ['The ferret tool finds lost files.', 'Files are sorted by name and by size.'] },
  バックアップ: { text: ['バックアップとは、ファイルを別のディスクに写しておくことです。'] },
  著作権: { text: ['著作権は作品を作った人が持ちます。', '引用するときは出典を書きます。'] },
};

function contentDocument(name: string, { text, ...values }: (typeof documents)[string]): ContentDocument {
  return {
    sourceUri: `https://example.org/${name}`,
    path: name,
    origin: { source: 'local', key: name, versionHash: null },
    title: name,
    language: null,
    publishedAt: null,
    contentType: 'material',
    license: 'cc_by',
    rightsHolder: null,
    permission: null,
    externalShareConsent: true,
    retentionYears: null,
    accessPolicy: null,
    acquisitionMethod: 'manual_upload',
    acquiredAt: null,
    sha256: name,
    manifest: null,
    passages: text.map((each, position) => ({
      position,
      paragraphIndex: position + 5,
      pageNumber: position + 3,
      startSeconds: position + 81,
      title: name,
      heading: '',
      text: each,
    })),
    ...values,
  };
}

async function fill(database: TestDatabase, of: typeof documents): Promise<void> {
  const store = createStoreContent(database.pool);
  for (const [name, values] of Object.entries(of)) await store(contentDocument(name, values));
}

function asking(
  query: string,
  { remoteModel = false, commercialUse = false, now = today, before = [] as string[], as = {} } = {},
) {
  const retrieve = createRetrieve({ pool: db.pool, remoteModel, commercialUse, now: () => now });
  const history = before.map((each) => ({ query: each, answer: '' }));
  return retrieve({ query, history, requester: { ...requester, ...as }, signal: new AbortController().signal });
}
const found = async (...question: Parameters<typeof asking>) =>
  (await asking(...question)).passages.map(({ sourceUri }) =>
    decodeURI(sourceUri ?? '').slice('https://example.org/'.length),
  );

await fill(db, documents);

test('a passage has all fields that a citation needs', async () => {
  const { passages } = await asking('How do I restore a backup with rsync?');
  expect(passages[0]).toEqual({
    passageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    contentId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    contentType: 'material',
    title: 'backup',
    heading: '',
    text: 'Restore the files from the backup with rsync.',
    pageNumber: 4,
    startSeconds: 82,
    paragraphIndex: 6,
    sourceUri: 'https://example.org/backup',
    license: 'cc_by',
    rank: expect.any(Number),
  });
});

test('a rare word outweighs a common one', async () => {
  expect((await found('ferret files'))[0]).toBe('ferret');
});

test('Japanese and English questions search one collection and find their own language first', async () => {
  expect((await found('バックアップとは何ですか？'))[0]).toBe('バックアップ');
  expect((await found('What is a backup?'))[0]).toBe('backup');
  expect((await found('ｲﾝﾖｳするときは何を書けばいいですか。引用の出典'))[0]).toBe('著作権');
});

test('a word that the document lacks is found by its synonym', async () => {
  expect((await found('How can I recover my files from a backup?'))[0]).toBe('backup');
});

test('an unanswerable question, and one without words, find nothing', async () => {
  expect(await found('How do I bake sourdough bread?')).toEqual([]);
  expect(await found('おいしい味噌汁の作り方を教えて')).toEqual([]);
  expect(await found('??? 😀 そしてそれは何ですか')).toEqual([]);
  expect(await found(`'"\\ & | ! <-> :* \u0000 \ud83d`)).toEqual([]);
});

test('a follow-up question is interpreted with the previous one', async () => {
  expect(await found('and in Japanese?')).toEqual([]);
  expect((await found('and in Japanese?', { before: ['What is a ferret?'] }))[0]).toBe('ferret');
});

test('expired, removed and replaced content is never found', async () => {
  const store = createStoreContent(db.pool);
  const text = ['The quokka lives on an island.'];
  await store(contentDocument('retained', { text, retentionYears: 1, acquiredAt: new Date('2025-03-07T04:05:06Z') }));
  await store(contentDocument('limited', { text, accessPolicy: { expiresAt: '2026-03-07T13:05:06+09:00' } }));
  await store(contentDocument('unreadable', { text, accessPolicy: { expiresAt: 'next spring' } }));
  await store(contentDocument('removed', { text }));
  await db.query("update provenance set removed_at = now() where source_uri like '%/removed'");
  await store(contentDocument('replaced', { text }));
  await store({ ...contentDocument('replaced', { text: ['The wombat digs.'] }), sha256: 'other' });
  const second = (value: number) => ({ now: new Date(today.getTime() + value * 1000) });
  expect(await found('quokka island', second(0))).toEqual([]);
  expect((await found('quokka island', second(-1))).sort()).toEqual(['limited', 'retained']);
  expect(await found('wombat')).toEqual(['replaced']);
});

test('content is found only by users whom its access policy permits', async () => {
  const store = createStoreContent(db.pool);
  const text = ['The narwhal has one long tooth.'];
  const policies: Record<string, AccessPolicy> = {
    everyone: { readGroups: [], ipWhitelist: [], geoRestrictions: [] },
    biologists: { readGroups: ['biology', 'zoology'] },
    japan: { geoRestrictions: ['JP', 'KR'] },
    campus: { ipWhitelist: ['192.0.2.0/24', '2001:db8:7::/48', '198.51.100.7'] },
    both: { readGroups: ['biology'], geoRestrictions: ['JP'] },
  };
  for (const [name, accessPolicy] of Object.entries(policies)) {
    await store(contentDocument(name, { text, accessPolicy }));
  }
  const open = async (as: object) => (await found('narwhal tooth', { as })).sort();
  expect(await open({})).toEqual(['everyone']);
  expect(await open({ groups: ['history', 'zoology'] })).toEqual(['biologists', 'everyone']);
  expect(await open({ country: 'KR' })).toEqual(['everyone', 'japan']);
  expect(await open({ groups: ['biology'], country: 'JP' })).toEqual(['biologists', 'both', 'everyone', 'japan']);
  expect(await open({ ip: '192.0.2.77' })).toEqual(['campus', 'everyone']);
  expect(await open({ ip: '198.51.100.7' })).toEqual(['campus', 'everyone']);
  expect(await open({ ip: '2001:db8:7:ffff::1' })).toEqual(['campus', 'everyone']);
  expect(await open({ ip: '2001:db8:8::1', country: 'US' })).toEqual(['everyone']);
  await db.query(
    `update provenance set access_policy = '{"ipWhitelist": ["anywhere"]}' where source_uri like '%/everyone'`,
  );
  expect(await open({ ip: '192.0.2.77' })).toEqual(['campus']);
});

test('the database finds exactly the content that the usage rule permits', async () => {
  const store = createStoreContent(db.pool);
  const rights = [null, ...licenses].flatMap((license) =>
    [null, false, true].map((permission) => ({ license, permission, name: `${license}-${permission}` })),
  );
  for (const { name, license, permission } of rights) {
    await store(contentDocument(name, { text: ['The pangolin is covered with scales.'], license, permission }));
  }
  for (const commercialUse of [false, true]) {
    const retrieve = createRetrieve({ pool: db.pool, remoteModel: false, commercialUse, now: () => today, limit: 99 });
    const signal = new AbortController().signal;
    const { passages } = await retrieve({ query: 'pangolin scales', history: [], requester, signal });
    const expected = rights.filter((each) => mayUse(each, commercialUse)).map(({ name }) => name);
    expect(passages.map(({ title }) => title).sort()).toEqual(expected.sort());
  }
});

test('passages without consent are withheld from a remote model and counted, but not from a local one', async () => {
  const store = createStoreContent(db.pool);
  await store(contentDocument('secret', { text: ['The axolotl regrows its limbs.'], externalShareConsent: false }));
  await store(contentDocument('open', { text: ['An axolotl keeps its gills.'] }));
  const remote = await asking('axolotl', { remoteModel: true });
  expect(remote.passages.map(({ title }) => title)).toEqual(['open']);
  expect(remote.withheld).toBe(1);
  const local = await asking('axolotl');
  expect(local.passages).toHaveLength(2);
  expect(local.withheld).toBe(0);
});

test('an unavailable database is reported as such', async () => {
  const unreachable = connect('postgresql://nobody@127.0.0.1:1/none', { name: 'unreachable' });
  const retrieve = createRetrieve({ pool: unreachable, remoteModel: false, commercialUse: false, now: () => today });
  const asked = retrieve({ query: 'backup', history: [], requester, signal: new AbortController().signal });
  await expect(asked).rejects.toThrow(ServiceFailure);
  await expect(asked).rejects.toMatchObject({ code: 'database_unavailable' });
  await unreachable.end();
});

test('PostgreSQL computes the same BM25 as the in-memory implementation on any texts', {
  timeout: 120_000,
}, async () => {
  const words = ['aeon', 'bolt', 'crux', 'dusk', 'echo', 'flux', '検索', '拡張'];
  const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 60 });
  const corpora = fc.record({
    texts: fc.array(text, { minLength: 1, maxLength: 9 }),
    question: fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }),
  });
  const other = await createDatabase();
  try {
    await fc.assert(
      fc.asyncProperty(corpora, async ({ texts, question }) => {
        await other.query('truncate provenance, passage, passage_term, passage_embedding');
        await other.query('update passage_corpus set passages = 0, term_count = 0');
        const document = contentDocument('random', { text: texts.map((each) => each.join(' ')) });
        const passages = document.passages.map((passage) => ({ ...passage, title: '' }));
        await createStoreContent(other.pool)({ ...document, contentType: 'note_article', passages });
        const rarity = await readTermRarity(other.pool, question);
        const asked = question.map((term) => ({ term, share: 1, synonyms: new Map<string, number>() }));
        const plan = planSearch(asked, rarity);
        const ours =
          plan === null
            ? []
            : await searchPassages(other.pool, {
                ...plan,
                requester,
                commercialUse: false,
                filters: null,
                now: today,
                limit: 99,
              });
        const score = (index: number) =>
          ours.find(({ position }) => position === index)?.parts.reduce((sum, part) => sum + part, 0) ?? 0;
        const theirs = createBm25(texts).search(question, 99);
        expect(ours).toHaveLength(theirs.length);
        for (const each of theirs) expect(score(each.index)).toBeCloseTo(each.score, 9);
      }),
      { numRuns: 40 },
    );
  } finally {
    await other.close();
  }
});
