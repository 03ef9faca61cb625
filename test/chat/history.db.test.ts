import { expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { startModelServer } from '../kit/servers/model-server.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
await db.query('update provenance set external_share_consent = true');
const model = await startModelServer();
const chat = await runChat(db.url, { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'gpt-4o-mini', LLM_TIMEOUT_MS: '5000' });

const changes: [string, string][] = [
  ['its owner no longer consents', 'external_share_consent = false'],
  ['it was removed', 'removed_at = now()'],
  ['the user may not read it any more', `access_policy = '{"readGroups": ["staff"]}'`],
  ['it lost its licence', "license_type = 'all_rights_reserved', permission_flag = false"],
];

test.each(changes)(
  'an earlier answer does not reach the model once, of a document that it cites, %s',
  async (_why, change) => {
    model.behave({ kind: 'answer', pieces: ['RAG looks up SECRET-QUOTE first [1].'] });
    const token = await chat.token();
    const asked = await chat.ask({ query: 'What is RAG?' }, { token });
    const { sessionId, citations } = (await asked.json()) as { sessionId: string; citations: { contentId: string }[] };
    const followUp = () => chat.ask({ query: 'Why does retrieval help a RAG system?', sessionId }, { token });
    expect((await followUp()).status).toBe(200);
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('SECRET-QUOTE');

    const [cited] = citations;
    const before = await db.query('select * from provenance where content_id = $1', [cited?.contentId]);
    await db.query(`update provenance set ${change} where content_id = $1`, [cited?.contentId]);
    const requests = model.requests.length;
    model.behave({ kind: 'answer', pieces: ['Yes [1].'] });
    expect((await followUp()).status).toBe(200);
    expect(model.requests.length).toBe(requests + 1);
    const sent = JSON.stringify(model.requests.at(-1)?.body);
    expect(sent).not.toContain('SECRET-QUOTE');
    expect(sent).toContain('What is RAG?');
    for (const { id, external_share_consent, access_policy, license_type, permission_flag } of before) {
      await db.query(
        `update provenance set external_share_consent = $2, access_policy = $3, license_type = $4, permission_flag = $5,
        removed_at = null where id = $1`,
        [id, external_share_consent, access_policy, license_type, permission_flag],
      );
    }
  },
);
