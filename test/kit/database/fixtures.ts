/** Inserts rows for tests, with defaults. */
import { randomUUID } from 'node:crypto';
import type { TestDatabase } from './test-database.ts';

type Values = Record<string, unknown>;

/** @returns the user's id */
export async function insertUser(db: TestDatabase, values: Values = {}): Promise<string> {
  return insert(db, 'users', { id: randomUUID(), ...values });
}

/** @returns the material's id */
export async function insertMaterial(db: TestDatabase, values: Values = {}): Promise<string> {
  return insert(db, 'materials', { id: randomUUID(), title: 'A material', ...values });
}

/**
 * Inserts one turn, and a user unless `user_id` is set. `citations` is an array: empty by default, null where unknown.
 * @returns the dialogue's id
 */
export async function insertDialogue(db: TestDatabase, values: Values = {}): Promise<string> {
  const { citations = [], ...others } = values;
  return insert(db, 'ai_dialogue_log', {
    id: randomUUID(),
    user_id: values.user_id ?? (await insertUser(db)),
    session_id: randomUUID(),
    query: 'a question',
    response: 'an answer',
    model_used: 'extractive',
    latency_ms: 137,
    token_cost_jpy: 0,
    citations: citations === null ? null : JSON.stringify(citations),
    ...others,
  });
}

async function insert(db: TestDatabase, table: string, values: Values): Promise<string> {
  const columns = Object.keys(values);
  const places = columns.map((_, index) => `$${index + 1}`);
  const sql = `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`;
  await db.query(sql, Object.values(values));
  return String(values.id);
}
