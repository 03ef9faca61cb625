import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runVerifyReceipts } from '../services/commands/users/verify-receipts.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { insertTurns } from '../services/postgres/dialogues/insert-turns.ts';
import { eraseUser } from '../services/postgres/erasure/erase-user.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { answeredTurn } from './kit/data/answered-turn.ts';

const home = mkdtempSync(join(tmpdir(), 'rag-restore-'));
chmodSync(home, 0o711); // PostgreSQL may run as an account of its own
const [dataDir, copy] = [join(home, 'data'), join(home, 'backup')];
afterAll(() => rmSync(home, { recursive: true, force: true }));

const settings = { fsync: 'off', full_page_writes: 'off' };
const asked = (userId: string) => answeredTurn({ userId, askedAt: new Date() });

async function onServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await startEmbedded({ dataDir, settings, log: () => {} });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

async function withPool<T>(url: string, work: (pool: ReturnType<typeof connect>) => Promise<T>): Promise<T> {
  const pool = connect(url, { name: 'test', max: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Runs the real program. @returns what it wrote to standard output. @throws if its exit code is not 0 */
function cli(url: string, ...words: string[]): string {
  const env = { ...process.env, DATABASE_URL: url, DATA_DIR: join(home, 'cli') };
  return execFileSync(process.execPath, ['services/cli.ts', ...words], { env, encoding: 'utf8' });
}

async function verify(url: string, user: string) {
  let output = '';
  const write = (text: string) => {
    output += text;
  };
  return { code: await withPool(url, (pool) => runVerifyReceipts({ user }, { pool, write })), output };
}

test('after restoring a file-level copy of the database, replaying the list erases users again', {
  timeout: 120_000,
}, async () => {
  const [erased, other] = [randomUUID(), randomUUID()];
  await onServer(async (url) => {
    await migrate(url);
    await withPool(url, async (pool) => {
      await pool.query(`insert into users (id, role) select unnest($1::uuid[]), 'learner'`, [[erased, other]]);
      await insertTurns(pool, [asked(erased), asked(erased), asked(erased), asked(other)]);
    });
  });
  execFileSync('cp', ['-a', dataDir, copy]);

  const list = join(home, 'erasures.ndjson');
  const receipt = await onServer(async (url) => {
    const request = { userId: erased, account: false, now: () => new Date() };
    const left = await withPool(url, (pool) => eraseUser(pool, request));
    writeFileSync(list, cli(url, 'list-erasures'));
    return left;
  });
  if (receipt === 'account_in_use') throw new Error('nothing references the account');

  rmSync(dataDir, { recursive: true });
  execFileSync('cp', ['-a', copy, dataDir]);
  await onServer(async (url) => {
    const stored = expect.stringContaining('not erased: 6 rows stored');
    expect(await verify(url, erased)).toMatchObject({ code: 1, output: stored });
    expect(cli(url, 'replay-erasures', list)).toMatch(
      /^1 erasure: 1 receipt restored.*\nerased: 3 ai_dialogue_log, 3 provenance/,
    );
    const after = await verify(url, erased);
    expect(after.output).toContain(`receipt 1 (${receipt.id})\nerased: no data is stored about this user\n`);
    expect(after.output).toMatch(new RegExp(`ends with ${receipt.hash}\n$`));
    expect(after.code).toBe(0);
    expect((await verify(url, other)).code).toBe(1);
  });
});
