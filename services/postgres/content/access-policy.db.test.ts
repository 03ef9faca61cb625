import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/kit/database/test-database.ts';

const db = await testDatabase();

const mayRead = async (policy: string) =>
  (await db.query(`select rag_may_read($1::jsonb, '{staff}', 'JP', '10.0.0.7', now()) as may`, [policy]))[0]?.may;

test.each([
  '[]',
  '["staff"]',
  '"staff only"',
  '7',
  'true',
  '{"groups": ["staff"]}',
  '{"readgroups": ["staff"]}',
  '{"readGroups": ["staff"], "note": "x"}',
  '{"readGroups": "staff"}',
  '{"readGroups": {"staff": true}}',
  '{"readGroups": ["staff", 7]}',
  '{"readGroups": [["staff"]]}',
  '{"expiresAt": 4102444800}',
  '{"__proto__": []}',
])('%s is no access policy: no user may read by it, and the table does not accept it', async (policy) => {
  expect(await mayRead(policy)).toBe(false);
  const stored = db.query(
    `insert into provenance (content_id, content_type, acquisition_method, access_policy)
     values (gen_random_uuid(), 'material', 'manual_upload', $1)`,
    [policy],
  );
  await expect(stored).rejects.toThrow(/provenance_access_policy_shape/);
});

test.each([
  'null',
  '{}',
  '{"readGroups": null}',
  '{"readGroups": []}',
  '{"readGroups": ["staff"], "geoRestrictions": ["JP"]}',
])('%s lets a member of staff in Japan read', async (policy) => expect(await mayRead(policy)).toBe(true));

test('a cost that is not a number is not stored', async () => {
  const stored = db.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used, token_cost_jpy)
     values (gen_random_uuid(), gen_random_uuid(), 'q', 'a', 'm', 'NaN')`,
  );
  await expect(stored).rejects.toThrow(/ai_dialogue_log_token_cost_jpy_number/);
});
