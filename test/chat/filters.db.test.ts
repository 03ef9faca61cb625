/** Questions with filters for sources and documents. */
import { expect, test } from 'vitest';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { contentDocument } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';

const db = await testDatabase();
const chat = await runChat(db.url);
const store = createStoreContent(db.pool);

const contents = {
  'https://example.org/manual': { license: 'cc_by', acquiredAt: new Date('2026-02-03T00:00:00Z') },
  'https://example.org/diary': {
    license: 'mit',
    contentType: 'creation_log',
    publishedAt: new Date('2026-03-07T14:59:59Z'),
    language: 'zh-hant',
  },
  'https://note.com/hana/n/1': {
    license: 'cc_by',
    contentType: 'note_article',
    publishedAt: new Date('2026-03-07T15:00:00Z'),
    language: 'ja',
  },
} as const;
for (const [sourceUri, values] of Object.entries(contents)) {
  const source = sourceUri.startsWith('https://note.com') ? 'note' : 'local';
  const origin = { source, key: sourceUri, versionHash: null };
  const text = 'A ferret hides odd socks behind the sofa.';
  await store(contentDocument({ title: 'Ferrets', accessPolicy: null, ...values, sourceUri, origin }, [text]));
}

const [manual, diary, note] = Object.keys(contents);
type Reply = { outcome: string; citations: { contentId: string }[] };

async function cited(filters: object): Promise<unknown[]> {
  const response = await chat.ask({ query: 'Where does a ferret hide socks?', ...filters });
  expect(response.status).toBe(200);
  const { citations, outcome } = (await response.json()) as Reply;
  expect(outcome).toBe(citations.length === 0 ? 'no_answer' : 'answered');
  const rows = await db.query('select source_uri from provenance where content_id = any($1) order by 1', [
    citations.map(({ contentId }) => contentId),
  ]);
  return rows.map(({ source_uri }) => source_uri);
}

test.each([
  [{ sources: ['note'] }, [note]],
  [{ sources: ['none'] }, []],
  [{ filters: { license: ['mit'] } }, [diary]],
  [{ filters: { language: ['ja'] } }, [note]],
  [{ filters: { language: ['zh'] } }, [diary]],
  [{ filters: { language: ['fr'] } }, []],
  [{ filters: { type: ['material'] } }, [manual]],
  [{ filters: { date: { from: '2026-03-08' } } }, [note]],
  [{ filters: { date: { from: '2026-03-07', to: '2026-03-07' } } }, [diary]],
  [{ filters: { date: { to: '2026-02-03T00:00:00.001Z' } } }, [manual]],
  [{ filters: { date: { to: '2026-02-03T00:00:00Z' } } }, []],
  [{ sources: ['local'], filters: { license: ['cc_by', 'mit'], type: ['creation_log'] } }, [diary]],
] as const)('%j is answered from %j', async (filters, expected) => {
  expect(await cited(filters)).toEqual(expected);
});

test('documents of a disabled source are not used until it is enabled again', async () => {
  await db.query(`update plugin_registry set enabled = false where source = 'note'`);
  expect(await cited({ filters: { type: ['note_article'] } })).toEqual([]);
  await db.query(`update plugin_registry set enabled = true where source = 'note'`);
  expect(await cited({ filters: { type: ['note_article'] } })).toEqual([note]);
});

test('words that are common in the corpus still find the few filtered documents with them', async () => {
  const texts = Array.from({ length: 901 }, (_, at) => `A ferret hides sock number ${at} and a biscuit.`);
  await store(contentDocument({ title: 'Many', accessPolicy: null, sha256: 'b'.repeat(64) }, texts));
  expect(await cited({ sources: ['note'] })).toEqual([note]);
});

test.each([
  [{ sources: [] }, 'sources must be a list of 1 to 20'],
  [{ sources: 'note' }, 'sources must be a list of 1 to 20'],
  [{ filters: { licence: ['mit'] } }, 'licence is unknown; remove it'],
  [{ filters: { license: ['gpl'] } }, 'filters.license.0 must be one of public_domain'],
  [
    { filters: { date: { from: 'yesterday' } } },
    'filters.date.from must be a date (2026-03-07) or a date-time with offset',
  ],
  [{ filters: { language: ['日本語'] } }, 'filters.language.0 is not a valid language tag'],
])('%j is refused with the name of the field', async (filters, detail) => {
  const response = await chat.ask({ query: 'Where?', ...filters });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { detail: string }).detail).toContain(detail);
});

test('the same Idempotency-Key with other filters is another question', async () => {
  const headers = { 'idempotency-key': 'ferret-7' };
  expect((await chat.ask({ query: 'Where?', sources: ['note'] }, { headers })).status).toBe(200);
  expect((await chat.ask({ query: 'Where?', sources: ['local'] }, { headers })).status).toBe(422);
});
