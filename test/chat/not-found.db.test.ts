/** Questions whose words occur in the documents, but whose answer does not. */
import { expect, test } from 'vitest';
import { reply as replySchema } from '../../services/http/api/chat-reply.ts';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { contentDocument } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';

const db = await testDatabase();
const chat = await runChat(db.url);
const store = createStoreContent(db.pool);

const washer = [
  ['Error codes', 'F1 means that the door is open. F2 means that no water arrives: open the tap.'],
  ['Programmes', 'The cotton programme takes 95 minutes. The wool programme takes 40 minutes at 30 degrees.'],
  ['Warranty', 'The warranty lasts two years. The service answers at 0800 555 0199.'],
] as const;
const club = [
  ['会費', '年会費は6,000円です。毎年4月30日までに振り込んでください。'],
  ['貸し出し', 'カヌーの貸し出しは会員に限ります。貸し出しは土曜日の9時に始まります。'],
  ['保険', '会員は傷害保険に加入します。保険料は会費に含まれます。'],
] as const;
async function put(title: string, sections: readonly (readonly [string, string])[], access: string | null) {
  const sourceUri = `https://example.org/${encodeURIComponent(title)}`;
  const passages = sections.map(([heading, text], position) => ({
    position,
    paragraphIndex: position,
    pageNumber: null,
    startSeconds: null,
    title,
    heading,
    text,
  }));
  const accessPolicy = access === null ? null : { readGroups: [access] };
  await store(
    contentDocument({
      title,
      sourceUri,
      accessPolicy,
      passages,
      sha256: title.length.toString(16).repeat(64).slice(0, 64),
    }),
  );
}
await put('Washing machine', washer, null);
await put('カヌー部の案内', club, null);
await put(
  'Washing machine repairs',
  [['Error codes', 'F6 means that the pump of the washing machine is blocked.']],
  'repairers',
);

async function ask(query: string) {
  const response = await chat.ask({ query });
  expect(response.status).toBe(200);
  return replySchema.parse(await response.json());
}

test.each([
  ['What does error F2 mean?', /no water arrives/],
  ['How long does the wool programme take?', /40 minutes/],
  ['What is the telephone number of the service?', /0800 555 0199/],
  ['年会費はいくらですか', /6,000円/],
  ['カヌーの貸し出しは何時に始まりますか', /9時/],
])('%s is answered', async (query, about) => {
  const reply = await ask(query);
  expect(reply.outcome).toBe('answered');
  expect(reply.answer).toMatch(about);
  expect(reply.related).toBeUndefined();
});

test.each([
  'What does error F9 mean?',
  'How long does the silk programme take?',
  'Who is the director of the service?',
  'What does a spare door cost?',
  '入会金はいくらですか',
  '部長の名前は何ですか',
  'ヨットの貸し出しはありますか',
  'エラーK8の意味は何ですか',
])('%s is not answered with something else', async (query) => {
  const reply = await ask(query);
  expect(reply).toMatchObject({ outcome: 'no_answer', citations: [], license: null });
});

test('the reply names what is missing and the related documents, which are not recorded as citations', async () => {
  const reply = await ask('How long does the silk programme take?');
  expect(reply.answer).toBe('Nothing about “silk programme” was found in the materials.');
  expect(reply.related).toMatchObject([
    { title: 'Washing machine', heading: 'Programmes', url: 'https://example.org/Washing%20machine' },
  ]);
  const rows = await db.query('select citations, outcome from ai_dialogue_log where id = $1', [reply.id]);
  expect(rows).toEqual([{ citations: [], outcome: 'no_answer' }]);
});

test('a Japanese question gets the topic and the documents in Japanese', async () => {
  const reply = await ask('ヨットの貸し出しはありますか');
  expect(reply.answer).toBe('「ヨット」についての記載は、資料の中に見つかりませんでした。');
  expect(reply.related).toMatchObject([{ title: 'カヌー部の案内' }]);
});

test('a stream carries no draft of a refused answer, and the related documents in the done event', async () => {
  const response = await chat.ask({ query: 'What does error F9 mean?', stream: true });
  const text = await response.text();
  expect(text).not.toMatch(/^event: ?delta/m);
  const done = /^event: ?done\ndata: ?(.*)$/m.exec(text)?.[1] ?? '';
  expect(replySchema.parse(JSON.parse(done)).related).toMatchObject([{ title: 'Washing machine' }]);
});

test('a document that the user may not read is not related', async () => {
  const reply = await ask('What does error F6 mean?');
  expect(reply.outcome).toBe('no_answer');
  expect(reply.related?.map(({ title }) => title)).toEqual(['Washing machine']);
});
