/** Turns of captured instrumentations, sent by OTLP to the whole service. */
import { expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { bytesOf, captured, captureNames } from './captures.ts';
import { runIntake } from './rest-service.ts';

const db = await testDatabase();
const quiet = { INTAKE_QUIET_MS: '300' };
const { chat, addService } = await runIntake(db, quiet);
const second = await runIntake(db, quiet);

type Sent = { readonly type?: string; readonly encoding?: string; readonly origin?: string };

async function post(
  path: string,
  key: string,
  body: Buffer,
  { type = 'application/json', encoding, origin = chat.origin }: Sent = {},
) {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': type,
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
    body: new Uint8Array(body),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: Buffer.from(await response.arrayBuffer()),
    retryAfter: response.headers.get('retry-after'),
  };
}

/** Sends a capture as its SDK did, to the two servers in turn. */
async function send(name: string, key: string, encoding: 'json' | 'protobuf' = 'json'): Promise<void> {
  for (const [index, request] of captured(name).entries()) {
    const isBinary = encoding === 'protobuf' && Boolean(request.protobuf);
    const type = isBinary ? 'application/x-protobuf' : 'application/json';
    const body = bytesOf(request, isBinary ? 'protobuf' : 'json');
    const origin = index % 2 === 0 ? chat.origin : second.chat.origin;
    expect(await post(request.path, key, body, { type, origin })).toMatchObject({ status: 200 });
  }
}

async function assembled(service: string): Promise<void> {
  await expect
    .poll(() => db.query('select 1 from pending_span where service = $1 and is_ai', [service]), { timeout: 30_000 })
    .toEqual([]);
}

const turnsOf = (service: string) =>
  db.query('select * from ai_dialogue_log where service = $1 order by created_at', [service]);
const failuresOf = (service: string) => db.query('select * from chat_failure where service = $1', [service]);

test.each(captureNames)('a turn of %s, sent as JSON and again as protobuf, is one row', async (name) => {
  const service = `of-${name}`;
  const key = await addService(service);
  await send(name, key);
  const isFailure = name.endsWith('-error');
  await expect.poll(() => (isFailure ? failuresOf(service) : turnsOf(service))).toHaveLength(1);
  await send(name, key, 'protobuf');
  if (name === 'spring-ai')
    await db.query(
      `delete from pending_span where service = $1 and trace_id not in (select trace_id from assembled_turn)`,
      [service],
    );
  if (name.startsWith('vercel'))
    await db.query(
      `delete from pending_span where service = $1 and trace_id not in (select trace_id from assembled_turn)`,
      [service],
    );
  await assembled(service);
  const [turns, failures] = [await turnsOf(service), await failuresOf(service)];
  expect([turns.length, failures.length]).toEqual(isFailure ? [0, 1] : [1, 0]);
  if (isFailure) expect(failures[0]).toMatchObject({ stage: 'generate', failure: 'model_unavailable' });
  else expect(turns[0]).toMatchObject({ prompt_tokens: 187, completion_tokens: 41, outcome: 'answered' });
});

const urls = ['https://shop.example/policy/returns', 'https://shop.example/faq'];

test('a turn with documents has checked citations, a price, and a licence', async () => {
  expect((await turnsOf('of-openinference-llamaindex'))[0]).toMatchObject({
    query: '返品は何日以内にできますか。',
    citation_rate: 100,
    citations: [
      { url: urls[0], valid: true, contentId: 'policy-returns#2' },
      { url: urls[1], valid: true, contentId: 'faq-en#7' },
    ],
    intake: { dialect: 'openinference', dropped: [] },
  });
});
