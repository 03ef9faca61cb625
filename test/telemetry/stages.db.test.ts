/** The stage metrics of a real chat server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeToken } from '../../services/commands/users/token.ts';
import { loadConfig } from '../../services/config.ts';
import { type ChatProcess, chatProcess } from '../faults/chat-process.ts';
import { testDatabase } from '../kit/database/test-database.ts';

const db = await testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), 'rag-stages-'));
let chat: ChatProcess;

beforeAll(async () => {
  chat = await chatProcess({ DATABASE_URL: db.url, DATA_DIR: dataDir });
  await chat.start();
});

afterAll(async () => {
  await chat.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask(token: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: 'What is RAG?' });
  return (await fetch(`${chat.origin}/api/ai/chat`, { method: 'POST', headers, body })).status;
}

test('a first question records a duration for each of its stages, and so does a refused token', async () => {
  const token = await makeToken({}, loadConfig({ DATA_DIR: dataDir }), new Date());
  expect([await ask(token), await ask(token), await ask(`${token}x`)]).toEqual([200, 200, 401]);
  const text = await (await fetch(chat.metricsUrl)).text();
  const line = /^rag_stage_duration_seconds_count\{service="([\w-]+)",stage="(\w+)",result="(\w+)"\} (\d+)$/gm;
  const counts = [...text.matchAll(line)];
  expect(counts.map(([, ...labels]) => labels.join(' ')).toSorted()).toEqual([
    'rag-chat authenticate ok 2',
    'rag-chat authenticate refused 1',
    'rag-chat generate ok 2',
    'rag-chat record ok 2',
    'rag-chat retrieve ok 2',
  ]);
  const sums = [...text.matchAll(/^rag_stage_duration_seconds_sum\{.*\} (\S+)$/gm)].map(([, sum]) => Number(sum));
  expect(Math.min(...sums)).toBeGreaterThan(0);
});
