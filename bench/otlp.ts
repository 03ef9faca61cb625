/** Measures OTLP: decoding 512 spans compared with JSON.parse of the same, and turns per second compared with the recorder alone. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../services/config.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { decodeJsonTraces } from '../services/http/otlp/json.ts';
import { decodeTraces } from '../services/http/otlp/protobuf.ts';
import { createLog } from '../services/logging/log.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { insertTurns } from '../services/postgres/dialogues/insert-turns.ts';
import { createRecorder } from '../services/postgres/dialogues/recorder.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { createChatService } from '../services/wiring/chat-service.ts';
import { createServiceAdmin } from '../services/wiring/service-admin.ts';
import { bytesOf, captured } from '../test/intake/captures.ts';
import { answeredTurn } from '../test/kit/data/answered-turn.ts';

const capture = 'openinference-llamaindex';
const decodedSpans = 512;
const rounds = 9;
const turns = 1_000;
const tracesPerRequest = 20;
const callerCounts = [1, 16, 64];

compareDecoding();
await compareTurns();

function compareDecoding(): void {
  const requests = captured(capture);
  const repeats = Math.ceil(decodedSpans / 13);
  const binary = Buffer.concat(
    Array.from({ length: repeats }, () => requests.map((request) => bytesOf(request, 'protobuf'))).flat(),
  );
  const resourceSpans = requests.flatMap(({ body }) => (body as { resourceSpans: unknown[] }).resourceSpans);
  const json = Buffer.from(
    JSON.stringify({ resourceSpans: Array.from({ length: repeats }, () => resourceSpans).flat() }),
  );
  const parse = median(() => JSON.parse(json.toString('utf8')));
  const spans = decodeTraces(binary).items.length;
  console.log(
    `Decoding ${spans} spans of ${capture}: ${binary.length} bytes of protobuf, ${json.length} of JSON (medians of ${rounds})`,
  );
  const row = (name: string, ms: number) =>
    console.log(`${name.padEnd(12)} ${ms.toFixed(1).padStart(7)} ms  ${(ms / parse).toFixed(2).padStart(5)}`);
  row('JSON.parse', parse);
  row(
    'our JSON',
    median(() => decodeJsonTraces(json)),
  );
  row(
    'our protobuf',
    median(() => decodeTraces(binary)),
  );
}

function median(run: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** A turn of four spans: root, retriever, and a call within a step. Every trace has ids of its own. */
function trace(): object[] {
  const traceId = randomBytes(16).toString('hex');
  const ids = Array.from({ length: 3 }, () => randomBytes(8).toString('hex'));
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = (index: number, attributes: Record<string, string>) => ({
    traceId,
    spanId: ids[index],
    ...(index > 0 && { parentSpanId: ids[0] }),
    name: 'step',
    startTimeUnixNano: String(now - 100_000_000n),
    endTimeUnixNano: String(now),
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  });
  const text = 'Unopened items can be returned within 14 days of delivery. '.repeat(40);
  const documents = JSON.stringify(
    [1, 2, 3].map((id) => ({ id: String(id), page_content: text, metadata: { source: 'https://shop.example' } })),
  );
  return [
    span(0, {
      'openinference.span.kind': 'CHAIN',
      'input.value': 'When?',
      'output.value': 'Within 14 days of delivery [1].',
      'user.id': 'ken',
    }),
    span(1, { 'openinference.span.kind': 'RETRIEVER', 'input.value': 'When?', 'output.value': documents }),
    span(2, {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'gpt-4o-mini',
      'llm.token_count.prompt': '900',
      'llm.token_count.completion': '12',
      'output.value': 'Within 14 days of delivery [1].',
    }),
  ];
}

async function compareTurns(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-otlp-'));
  const server = await startEmbedded({ dataDir, settings: { synchronous_commit: 'on' }, log: () => {} });
  const pool = connect(server.url, { name: 'bench', max: 1 });
  try {
    await migrate(server.url);
    const admin = createServiceAdmin(pool);
    const config = loadConfig({ DATA_DIR: dataDir, INTAKE_QUIET_MS: '100' });
    const log = createLog('bench', 'silent', { write: () => {} });
    const service = createChatService({ config, databaseUrl: server.url, embedded: true, log });
    const port = await service.server.listen(0, '127.0.0.1');
    console.log(
      `\nTurns per second: ${turns} traces of three spans, ${tracesPerRequest} a request, until the last row is durable`,
    );
    console.log('callers |   recorder |   accepted |       rows  ratio');
    for (const callers of callerCounts) {
      const added = await admin.add(`bench-${callers}`);
      if (added === 'exists') throw new Error('the service exists');
      await admin.change(`bench-${callers}`, { requestsPerMinute: 1_000_000 });
      const alone = await recorderAlone(pool, callers);
      const { accepted, rows } = await overOtlp(`http://127.0.0.1:${port}/v1/traces`, added.key, callers, async () => {
        const counted = await pool.query('select count(*) as rows from ai_dialogue_log where service = $1', [
          `bench-${callers}`,
        ]);
        return counted.rows[0].rows;
      });
      const cell = (perSecond: number) => perSecond.toFixed(0).padStart(10);
      console.log(
        `${String(callers).padStart(7)} | ${cell(alone)} | ${cell(accepted)} | ${cell(rows)}  ${(rows / alone).toFixed(2).padStart(5)}`,
      );
    }
    await service.close(5_000);
  } finally {
    await pool.end();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function recorderAlone(pool: ReturnType<typeof connect>, callers: number): Promise<number> {
  const userId = randomUUID();
  await pool.query('insert into users (id, role) values ($1, $2)', [userId, 'learner']);
  const recorder = createRecorder({
    insert: (batch) => insertTurns(pool, batch),
    deadlineMs: 15_000,
    limit: 4_096,
    count: () => {},
  });
  let left = turns;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left-- > 0) await recorder.record(answeredTurn({ id: randomUUID(), userId }));
    }),
  );
  return turns / ((performance.now() - began) / 1_000);
}

async function overOtlp(url: string, key: string, callers: number, countRows: () => Promise<number>) {
  const bodies = Array.from({ length: turns / tracesPerRequest }, () =>
    JSON.stringify({
      resourceSpans: [
        { scopeSpans: [{ scope: { name: 'bench' }, spans: Array.from({ length: tracesPerRequest }, trace).flat() }] },
      ],
    }),
  );
  const began = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const response = await fetch(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body,
        });
        if (response.status !== 200) throw new Error(`status ${response.status}`);
      }
    }),
  );
  const accepted = turns / ((performance.now() - began) / 1_000);
  while ((await countRows()) < turns) await new Promise((resume) => setTimeout(resume, 20));
  return { accepted, rows: turns / ((performance.now() - began) / 1_000) };
}
