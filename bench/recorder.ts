/** Measures durable dialogues per second: with the recorder, with single inserts, and with COPY as the upper bound. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnsweredTurn } from '../services/chat/turn.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { insertTurns } from '../services/postgres/dialogues/insert-turns.ts';
import { createRecorder } from '../services/postgres/dialogues/recorder.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { answeredTurn } from '../test/kit/data/answered-turn.ts';
import { type MeasureCopy, prepareCopy } from './copy-turns.ts';
import { quantile } from './retrieval-metrics.ts';
import { cpuOfPool, type ReadCpu } from './server-cpu.ts';

const callerCounts = [1, 16, 64, 256];
const measuredMs = 2_000;
const warmUpMs = 500;
const userCount = 100;
const insertConnections = 16;
const copyRows = 2_000;
const copyRuns = 3;

type RecordTurn = (turn: AnsweredTurn) => Promise<void>;
type Measured = {
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
  /** CPU time of PostgreSQL per dialogue, in microseconds. */
  readonly cpu: number | null;
};

const dataDir = mkdtempSync(join(tmpdir(), 'bench-recorder-'));
const server = await startEmbedded({ dataDir, settings: { synchronous_commit: 'on' }, log: () => {} });
const recorderPool = connect(server.url, { name: 'bench-recorder', max: 1 });
const pool = connect(server.url, { name: 'bench', max: insertConnections });
const copyPool = connect(server.url, { name: 'bench-copy', max: 1 });
try {
  await migrate(server.url);
  const users = Array.from({ length: userCount }, () => randomUUID());
  await pool.query('insert into users (id, role) select unnest($1::uuid[]), $2', [users, 'learner']);
  let made = 0;
  const turn = () => sampleTurn(users[made++ % userCount] as string);
  await compare(turn);
} finally {
  await Promise.all([recorderPool.end(), pool.end(), copyPool.end()]);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Alternates, so that changes in machine load affect all of them. */
async function compare(turn: () => AnsweredTurn): Promise<void> {
  const measureCopy = await prepareCopy(copyPool, pool, Array.from({ length: copyRows }, turn));
  const recorder = createRecorder({
    insert: (turns) => insertTurns(recorderPool, turns),
    deadlineMs: 15_000,
    limit: 4_096,
    count: () => {},
  });
  const insertOne: RecordTurn = (one) => insertTurns(pool, [one]);
  console.log(
    'Durable dialogues with provenance rows per second (synchronous_commit = on); latency in ms, CPU time of PostgreSQL in µs per dialogue',
  );
  console.log(
    'callers |   recorder    P50     P99   CPU |    inserts    P50     P99   CPU |     COPY   CPU | of COPY, CPU | ratio',
  );
  const cpu = {
    recorder: await cpuOfPool(recorderPool),
    single: await cpuOfPool(pool),
    copy: await cpuOfPool(copyPool),
  };
  for (const callers of callerCounts) {
    const recorded = await measure(recorder.record, callers, turn, cpu.recorder);
    const single = await measure(insertOne, callers, turn, cpu.single);
    const copied = await repeatCopy(measureCopy, cpu.copy);
    const cells = [recorded, single].map(
      ({ perSecond, median, p99, cpu }) =>
        `${perSecond.toFixed(0).padStart(10)} ${median.toFixed(2).padStart(6)} ${p99.toFixed(2).padStart(7)} ${micros(cpu)}`,
    );
    const ofCopy = percent(recorded.perSecond, copied.perSecond);
    const ofCpu = recorded.cpu === null || copied.cpu === null ? '    -' : percent(copied.cpu, recorded.cpu);
    const ratio = (recorded.perSecond / single.perSecond).toFixed(2).padStart(5);
    const copyCells = `${copied.perSecond.toFixed(0).padStart(8)} ${micros(copied.cpu)}`;
    console.log(
      `${String(callers).padStart(7)} | ${cells.join(' | ')} | ${copyCells} |  ${ofCopy} ${ofCpu} | ${ratio}`,
    );
  }
}

/** The fastest of several runs. */
async function repeatCopy(copy: MeasureCopy, cpu: ReadCpu): Promise<{ perSecond: number; cpu: number | null }> {
  const runs: { perSecond: number; cpu: number | null }[] = [];
  for (let run = 0; run < copyRuns; run += 1) {
    const before = cpu();
    const perSecond = await copy();
    runs.push({ perSecond, cpu: spent(before, cpu(), copyRows) });
  }
  return runs.toSorted((a, b) => b.perSecond - a.perSecond)[0] as (typeof runs)[number];
}

function spent(before: number | null, after: number | null, dialogues: number): number | null {
  return before === null || after === null ? null : (after - before) / dialogues;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(0)} %`.padStart(5);
}

function micros(cpu: number | null): string {
  return (cpu?.toFixed(0) ?? '-').padStart(5);
}

/** Each caller records its next turn as soon as the last one is durable. */
async function measure(record: RecordTurn, callers: number, turn: () => AnsweredTurn, cpu: ReadCpu): Promise<Measured> {
  const latencies: number[] = [];
  const cpuBefore = cpu();
  let recorded = 0;
  const startedAt = performance.now();
  const end = startedAt + warmUpMs + measuredMs;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let at = performance.now(); at < end; ) {
        await record(turn());
        recorded += 1;
        const after = performance.now();
        if (at >= startedAt + warmUpMs && after <= end) latencies.push(after - at);
        at = after;
      }
    }),
  );
  return {
    perSecond: latencies.length / (measuredMs / 1000),
    median: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpu: spent(cpuBefore, cpu(), recorded),
  };
}

/** A turn of a typical size: three citations, two kilobytes. */
function sampleTurn(userId: string): AnsweredTurn {
  const sample = answeredTurn();
  const excerpt = 'An objective without a measurement is only a hope, and a number without readers is decoration. ';
  return answeredTurn({
    userId,
    askedAt: new Date(),
    query: 'What is the use of an objective, and who reads the number that shows whether it was met?',
    answer: excerpt.repeat(5),
    citations: sample.citations.flatMap((citation) =>
      [1, 2, 3].map(() => ({ ...citation, excerpt: excerpt.repeat(2) })),
    ),
  });
}
