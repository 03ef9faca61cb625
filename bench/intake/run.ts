/** Measures durable turns per second of another application: by REST with the whole service, and with the recorder alone. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AnsweredTurn } from '../../services/chat/turn.ts';
import { loadConfig } from '../../services/config.ts';
import { startEmbedded } from '../../services/embedded-postgres/server.ts';
import { createLog } from '../../services/logging/log.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { insertTurns } from '../../services/postgres/dialogues/insert-turns.ts';
import { createRecorder } from '../../services/postgres/dialogues/recorder.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { createChatService } from '../../services/wiring/chat-service.ts';
import { createServiceAdmin } from '../../services/wiring/service-admin.ts';
import { answeredTurn } from '../../test/kit/data/answered-turn.ts';
import { sampleBody } from './sample-turn.ts';
import type { CallerRequest, CallerResult } from './send-turns.ts';

const callerCounts = [1, 16, 64];
const measuredMs = 3_000;
const warmUpMs = 1_000;
const rounds = 3;
const listLength = 20;
const userCount = 100;

const dataDir = mkdtempSync(join(tmpdir(), 'bench-intake-'));
const server = await startEmbedded({ dataDir, settings: { synchronous_commit: 'on' }, log: () => {} });
const pool = connect(server.url, { name: 'bench-recorder', max: 1 });
try {
  await migrate(server.url);
  const added = await createServiceAdmin(pool).add('bench');
  if (added === 'exists') throw new Error('the service exists');
  await createServiceAdmin(pool).change('bench', { requestsPerMinute: 1_000_000 });
  const config = loadConfig({ DATA_DIR: dataDir });
  const log = createLog('bench', 'silent', { write: () => {} });
  const service = createChatService({ config, databaseUrl: server.url, embedded: true, log });
  const port = await service.server.listen(0, '127.0.0.1');
  try {
    await compare(`http://127.0.0.1:${port}/api/turns`, added.key);
  } finally {
    await service.close(5_000);
  }
} finally {
  await pool.end();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Alternates, so that changes in machine load affect all of them; each figure is the median of the rounds. */
async function compare(url: string, key: string): Promise<void> {
  const users = Array.from({ length: userCount }, () => randomUUID());
  await pool.query('insert into users (id, role) select unnest($1::uuid[]), $2', [users, 'learner']);
  const recorder = createRecorder({
    insert: (turns) => insertTurns(pool, turns),
    deadlineMs: 15_000,
    limit: 4_096,
    count: () => {},
  });
  let made = 0;
  const turn = () => recordedTurn(users[made++ % userCount] as string);
  console.log('Durable turns per second (synchronous_commit = on), medians of three rounds');
  console.log(`callers |   recorder |       REST  ratio | lists of ${listLength}  ratio`);
  for (const callers of callerCounts) {
    const results: { alone: number; rest: number; lists: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const alone = await measureRecorder(recorder.record, callers, turn);
      const rest = await measureRest({ url, key, callers, list: 1, warmUpMs, measuredMs });
      const lists = await measureRest({ url, key, callers, list: listLength, warmUpMs, measuredMs });
      results.push({ alone, rest, lists });
    }
    const [alone, rest, lists] = [
      median(results.map((each) => each.alone)),
      median(results.map((each) => each.rest)),
      median(results.map((each) => each.lists)),
    ];
    const cell = (perSecond: number) =>
      `${perSecond.toFixed(0).padStart(10)}  ${(perSecond / alone).toFixed(2).padStart(5)}`;
    console.log(`${String(callers).padStart(7)} | ${alone.toFixed(0).padStart(10)} | ${cell(rest)} | ${cell(lists)}`);
  }
}

async function measureRecorder(
  record: (turn: AnsweredTurn) => Promise<void>,
  callers: number,
  turn: () => AnsweredTurn,
): Promise<number> {
  let recorded = 0;
  const startedAt = performance.now();
  const end = startedAt + warmUpMs + measuredMs;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let at = performance.now(); at < end; at = performance.now()) {
        await record(turn());
        if (at >= startedAt + warmUpMs && performance.now() <= end) recorded += 1;
      }
    }),
  );
  return recorded / (measuredMs / 1_000);
}

/** The callers are a thread of their own, as applications are programs of their own. */
function measureRest(request: CallerRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./send-turns.ts', import.meta.url), { workerData: request });
    thread.once('message', ({ turns, refused }: CallerResult) => {
      if (refused > 0) console.log(`${refused} requests with ${request.callers} callers were refused`);
      resolve(turns / (measuredMs / 1_000));
    });
    thread.once('error', reject);
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** What the recorder writes for the turn that REST sends. */
function recordedTurn(userId: string): AnsweredTurn {
  const sample = answeredTurn();
  const { question, answer, documents } = sampleBody();
  return answeredTurn({
    userId,
    askedAt: new Date(),
    query: question,
    answer,
    citations: sample.citations.flatMap((citation) => documents.map(({ text }) => ({ ...citation, excerpt: text }))),
  });
}
