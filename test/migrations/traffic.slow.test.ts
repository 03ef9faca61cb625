/** The chat service answers while the migrations for loaded tables run, in both directions. */
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { fillTables } from './fill-tables.ts';

const committed = fileURLToPath(new URL('../../migrations', import.meta.url));
const online = /^0009_/;

/** The same migrations once more under numbers after all others, so that the service keeps what later ones made. */
function again(): { directory: string; count: number } {
  const directory = mkdtempSync(join(tmpdir(), 'rag-online-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  cpSync(committed, directory, { recursive: true });
  const names = readdirSync(committed).filter((name) => online.test(name));
  for (const name of names) copyFileSync(join(committed, name), join(directory, `9${name.slice(1)}`));
  return { directory, count: names.length };
}

const db = await testDatabase();
await fillTables(db, 5_003);
await ingestSampleDocuments(db.url);
const chat = await runChat(db.url);

test('no question fails while migrations build indexes, move orphans and validate constraints, up, down and up', async () => {
  const { directory, count } = again();
  await db.query(`
    drop index idx_ai_dialogue_user, idx_ai_dialogue_session, idx_ai_dialogue_created_at, idx_ai_dialogue_citation_rate,
      idx_ai_dialogue_user_created;
    alter table ai_dialogue_log drop constraint ai_dialogue_log_user_id_fkey`);
  await db.query(
    'update ai_dialogue_log set user_id = gen_random_uuid() where id in (select id from ai_dialogue_log limit 407)',
  );
  await db.query(`alter table ai_dialogue_log add constraint ai_dialogue_log_user_id_fkey
    foreign key (user_id) references users (id) on delete cascade not valid`);
  const traffic = await startTraffic(3);
  await traffic.next(150); // a server that has just begun is slower
  const before = await traffic.next(150);
  await migrate(db.url, { directory });
  await migrate(db.url, { directory, direction: 'down', count });
  await migrate(db.url, { directory });
  const { during, failed } = await traffic.stop();

  expect(failed).toEqual([]);
  expect(during.length).toBeGreaterThan(0);
  expect(await db.query('select count(*) from orphaned_dialogue')).toEqual([{ count: 407 }]);
  console.log(
    `P95 of a question: ${p95(before)} ms before, ${p95(during)} ms during the migrations (${during.length} questions)`,
  );
});

/** So many learners, each asking again as soon as answered. */
async function startTraffic(askers: number) {
  const failed: string[] = [];
  const times: number[] = [];
  let stopped = false;
  let wake = () => {};
  const token = await chat.token();
  const asker = async () => {
    while (!stopped) {
      const start = performance.now();
      const response = await chat.ask({ query: '検索拡張生成とは何ですか？' }, { token });
      const body = await response.text();
      if (response.status !== 200) failed.push(body);
      times.push(performance.now() - start);
      wake();
    }
  };
  const asking = Promise.all(Array.from({ length: askers }, asker));
  let taken = 0;
  return {
    /** The times of so many questions, once they are answered. Milliseconds. */
    async next(count: number): Promise<number[]> {
      while (times.length < taken + count) await new Promise<void>((resolve) => (wake = resolve));
      taken += count;
      return times.slice(taken - count, taken);
    },
    async stop() {
      stopped = true;
      await asking;
      return { during: times.slice(taken), failed };
    },
  };
}

function p95(times: readonly number[]): number {
  return Math.round(times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0);
}
