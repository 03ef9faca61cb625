/** Times the statements of docs/audit.md on 100,000 dialogues with and without an index on citations, and the cost of that index for inserts. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { insertTurns } from '../services/postgres/dialogues/insert-turns.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { answeredTurn } from '../test/kit/data/answered-turn.ts';

const dialogues = Number(process.argv[2] ?? 100_000);
const index = 'create index audit_citations on ai_dialogue_log using gin (citations jsonb_path_ops)';
const users = Array.from({ length: 500 }, () => randomUUID());
const contentIds = Array.from({ length: 2000 }, () => randomUUID());
let made = 0;

const dataDir = mkdtempSync(join(tmpdir(), 'bench-audit-'));
const server = await startEmbedded({ dataDir, log: (line) => console.error(line) });
const pool = connect(server.url, { name: 'bench', max: 2, statementTimeoutMs: 600_000 });
try {
  await migrate(server.url);
  await load();
  await timeStatements('without an index on citations');
  await pool.query(index);
  await pool.query('analyze ai_dialogue_log');
  await timeStatements(`with ${index}`);
  await timeGroups();
} finally {
  await pool.end();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function load(): Promise<void> {
  await pool.query('insert into users (id) select unnest($1::uuid[])', [users]);
  await pool.query('insert into materials (id, title) select id, id::text from unnest($1::uuid[]) as id', [contentIds]);
  await pool.query(
    `insert into provenance (content_id, content_type, source_uri, license_type, created_at)
     select id, 'material', 'https://bench.example/' || id, 'cc_by', '2025-01-01' from unnest($1::uuid[]) as id`,
    [contentIds],
  );
  while (made < dialogues) await insertTurns(pool, group(500));
  await pool.query('vacuum analyze');
}

function group(size: number) {
  return Array.from({ length: size }, () => {
    const citations = answeredTurn().citations.flatMap((citation) =>
      Array.from({ length: 3 }, () => ({
        ...citation,
        excerpt: words(8),
        contentId: any(contentIds),
        passageId: v7(),
      })),
    );
    const askedAt = new Date(Date.UTC(2026, 0, 1) + made++ * 240_000);
    return answeredTurn({ userId: any(users), askedAt, query: words(20), answer: words(50), citations });
  });
}

function words(count: number): string {
  return Array.from({ length: count }, () => Math.random().toString(36).slice(2)).join(' ');
}

function any(list: readonly string[]): string {
  return list[Math.floor(Math.random() * list.length)] ?? '';
}

async function timeStatements(title: string): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('select id from ai_dialogue_log limit 1');
  const days = { day: '2026-03-07', first: '2026-03-01', last: '2026-03-31' };
  const values: Record<string, string> = { content: any(contentIds), answer: rows[0]?.id ?? '', ...days };
  console.log(`\n${title}, ${made} dialogues`);
  for (const [question, statement] of statements()) {
    const filled = statement.replace(/:'(\w+)'/g, (_, name: string) => `'${values[name]}'`);
    const took = await median(3, () => pool.query(filled));
    console.log(`${took.toFixed(0).padStart(7)} ms  ${question}`);
  }
}

function statements(): readonly (readonly [string, string])[] {
  const sections = readFileSync('docs/audit.md', 'utf8').split(/^### /m).slice(1);
  return sections.flatMap((section) => {
    const statement = /```sql\n(.*?)```/s.exec(section)?.[1];
    return statement === undefined ? [] : [[section.split('\n')[0] ?? '', statement] as const];
  });
}

/** Alternates, so that changes in machine load affect both. */
async function timeGroups(): Promise<void> {
  console.log('\ninserts of 64 turns, median of 100');
  for (const round of [1, 2, 3]) {
    const indexed = await median(100, () => insertTurns(pool, group(64)));
    await pool.query('drop index audit_citations');
    const plain = await median(100, () => insertTurns(pool, group(64)));
    await pool.query(index);
    console.log(`round ${round}: ${indexed.toFixed(1)} ms with the index, ${plain.toFixed(1)} ms without`);
  }
}

/** Milliseconds. */
async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    await work();
    took.push(performance.now() - start);
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}
