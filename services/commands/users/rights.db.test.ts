import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { insertTurns } from '../../postgres/dialogues/insert-turns.ts';
import { type EraseFlags, runEraseUser } from './erase-user.ts';
import { findOneUser, parseUserName } from './find-user.ts';
import { runVerifyReceipts } from './verify-receipts.ts';

const db = await testDatabase();

/** Runs the real program on the test's database. */
function cli(words: readonly string[], nodeArguments: readonly string[] = []) {
  const dataDir = mkdtempSync(join(tmpdir(), 'rag-cli-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const env = { ...process.env, DATABASE_URL: db.url, DATA_DIR: dataDir };
  const child = spawn(process.execPath, [...nodeArguments, 'services/cli.ts', ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, errors }));
  return { lines: createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }), ended };
}

async function erase(name: string, flags: EraseFlags, answer: string | null = null) {
  let output = '';
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer ?? '';
  };
  const write = (text: string) => {
    output += text;
  };
  const deps = { pool: db.pool, auditPool: db.pool, now: () => new Date(), write, ask: answer === null ? null : ask };
  return { code: await runEraseUser(name, flags, deps), receipt: JSON.parse(output), questions };
}

const dialogues = (userId: string) => db.query('select from ai_dialogue_log where user_id = $1', [userId]);

test('5,000 large dialogues are exported completely by a process with too little memory to hold them', {
  timeout: 120_000,
}, async () => {
  const userId = await insertUser(db);
  await db.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used)
     select $1, $1, 'question ' || n, repeat(md5(n::text), 700), 'extractive' from generate_series(1, 5000) n`,
    [userId],
  );
  const { lines, ended } = cli(['export-user', userId], ['--max-old-space-size=96']);
  const types: Record<string, number> = {};
  let bytes = 0;
  let last: unknown;
  for await (const line of lines) {
    last = JSON.parse(line);
    const { type } = last as { type: string };
    types[type] = (types[type] ?? 0) + 1;
    bytes += line.length;
  }
  expect(await ended).toEqual({ code: 0, errors: '' });
  expect(types).toEqual({ user: 1, dialogue: 5_000, end: 1 });
  expect(last).toEqual({ type: 'end', rows: 5_001 });
  expect(bytes).toBeGreaterThan(111_000_000);
});

test('an unknown user is reported on standard error with exit code 1', async () => {
  const { lines, ended } = cli(['export-user', 'unknown@example.com']);
  const output: string[] = [];
  for await (const line of lines) output.push(line);
  expect(await ended).toMatchObject({ code: 1, errors: expect.stringContaining('no such user') });
  expect(output).toEqual([]);
});

test('a user is found by id, by the e-mail address of a token, or by the one in the LMS, in any case', async () => {
  const made = parseUserName('Yuki@Example.com', 'USER');
  await insertUser(db, { id: made.id });
  const ofLms = await insertUser(db, { email: 'Ken@Example.com' });
  expect(await findOneUser(db.pool, ' yuki@example.com')).toEqual({ id: made.id, dialogues: 0 });
  expect(await findOneUser(db.pool, 'ken@example.COM')).toEqual({ id: ofLms, dialogues: 0 });
  expect(await findOneUser(db.pool, ofLms.toUpperCase())).toEqual({ id: ofLms, dialogues: 0 });
  await insertUser(db, { email: 'yuki@example.com' });
  await expect(findOneUser(db.pool, 'yuki@example.com')).rejects.toThrow('pass one of these ids');
  await expect(findOneUser(db.pool, 'yuki')).rejects.toThrow('USER: must be');
  await expect(findOneUser(db.pool, randomUUID())).rejects.toThrow('no such user');
});

test('an erasure requires the word yes or --yes, and prints its receipt', async () => {
  const userId = await insertUser(db);
  await insertTurns(db.pool, [answeredTurn({ userId }), answeredTurn({ userId })]);
  await expect(erase(userId, {})).rejects.toThrow('--yes');
  await expect(erase(userId, {}, 'y')).rejects.toThrow('nothing was erased');
  expect(await dialogues(userId)).toHaveLength(2);
  const { code, receipt, questions } = await erase(userId, {}, 'YES\n');
  expect(code).toBe(0);
  expect(receipt).toMatchObject({ account: false, counts: { ai_dialogue_log: 2, provenance: 2, users: 0 } });
  expect(questions).toEqual([expect.stringContaining('2 questions')]);
  expect(await dialogues(userId)).toEqual([]);
  expect((await erase(userId, { withAccount: true, yes: true })).receipt).toMatchObject({ counts: { users: 1 } });
  expect(JSON.stringify(receipt)).not.toContain(userId);
});

test('verify-receipts prints the end of an intact chain, and the first receipt that breaks it', async () => {
  for (let count = 0; count < 2; count += 1) await erase(await insertUser(db), { yes: true });
  let output = '';
  const write = (text: string) => {
    output += text;
  };
  expect(await runVerifyReceipts({}, { pool: db.pool, write })).toBe(0);
  const [head] = await db.query('select receipts, hash from erasure_chain');
  expect(output).toBe(`${head?.receipts} receipts, chain intact; it ends with ${head?.hash}\n`);
  const forged = createHash('sha256').update('forged').digest('hex');
  await db.query('update erasure_receipt set hash = $1 where number = 2', [forged]);
  const { lines, ended } = cli(['verify-receipts']);
  const printed: string[] = [];
  for await (const line of lines) printed.push(line);
  expect(printed).toEqual([expect.stringMatching(/^broken: receipt 2 \([0-9a-f-]{36}\) was altered/)]);
  expect((await ended).code).toBe(1);
});
