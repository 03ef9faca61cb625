/** Data exported to a Collector: span trees, log lines with their trace, and no text of users. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { openOtlpSink, type SentSpan } from './otlp-sink.ts';
import { type Ended, runMinimalServer } from './run-minimal-server.ts';

const secret = 'himitsu_7f3a_ひみつ';
const db = await testDatabase();
const sink = await openOtlpSink();
afterAll(() => sink.close());

let answered: Record<string, string>;
let broken: Record<string, string>;
let unavailable: Record<string, string>;
let crowd: Record<string, string>[];
let ended: Ended;

/** The secret is in every input of a client: question, path, query string, headers; and in Postgres and the model. */
beforeAll(async () => {
  const server = await runMinimalServer(db.url, {
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  const path = encodeURIComponent(secret);
  answered = await server.post(`/ask/${path}?q=${path}`, { query: `what is ${secret}?` });
  broken = await server.post('/ask/something', { query: `break ${secret}` });
  unavailable = await server.post('/ask/something', { query: `unavailable ${secret}` });
  crowd = await Promise.all(Array.from({ length: 30 }, () => server.post('/ask/crowd', { query: 'anything' })));
  await server.get(`/nothing/${path}?q=${path}`);
  await server.get('/healthz');
  ended = await server.end();
});

test('a question creates a tree of spans: server, workflow, stages and their calls', () => {
  expect(treeOf(answered.traceId)).toEqual([
    'POST /ask/:what',
    '  invoke_workflow rag',
    '    recall',
    expect.stringMatching(/^ {6}pg\.query:recall-test/),
    '    retrieval corpus',
    '    chat model-7',
    '      POST',
    '        POST',
    '    record',
    '      commit',
    expect.stringMatching(/^ {8}pg\.query:SELECT/),
  ]);
});

test('questions committed together share a commit span that links to their traces', () => {
  const commits = sink.spans().filter(({ name, parentSpanId }) => name === 'commit' && !parentSpanId);
  const linked = commits.flatMap(({ links = [] }) => links.map(({ traceId }) => traceId));
  const alone = sink.spans().filter(({ name, parentSpanId }) => name === 'commit' && parentSpanId);
  const traces = [...linked, ...alone.map(({ traceId }) => traceId)];
  expect(commits.length).toBeGreaterThan(0);
  expect(crowd.filter(({ traceId = '' }) => !traces.includes(traceId))).toEqual([]);
});

test('spans have the ids of the row, the attributes of the GenAI conventions, and the measurements', () => {
  expect(span(answered.traceId, 'invoke_workflow rag').attributes).toEqual({
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.agent.name': 'rag',
    'gen_ai.conversation.id': answered.sessionId,
    'rag.dialogue.id': answered.id,
    'rag.outcome': 'answered',
    'rag.citations': 1,
    'rag.citations.valid': 1,
    'rag.cost.jpy': 0.37,
    'rag.relevance.score': 0.71,
  });
  expect(span(answered.traceId, 'chat model-7')).toMatchObject({
    kind: 3,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'model-7',
      'gen_ai.response.model': 'model-7',
      'gen_ai.usage.input_tokens': 1009,
      'gen_ai.usage.cache_read.input_tokens': 503,
      'gen_ai.usage.output_tokens': 211,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'server.address': '127.0.0.1',
      'server.port': 1234,
    },
  });
  expect(span(answered.traceId, 'retrieval corpus').attributes).toMatchObject({
    'gen_ai.data_source.id': 'corpus',
    'rag.retrieval.passages': 1,
    'rag.retrieval.withheld': 3,
  });
});

test('the span of a failed stage has an error code and no message', () => {
  const error = (code: string) => ({ status: { code: 2 }, attributes: { 'error.type': code } });
  expect(span(broken.traceId, 'retrieval corpus')).toMatchObject(error('internal'));
  expect(span(broken.traceId, 'invoke_workflow rag')).toMatchObject(error('internal'));
  expect(span(unavailable.traceId, 'chat model-7')).toMatchObject(error('model_unavailable'));
  expect(sink.spans().filter(({ status }) => status.message !== undefined)).toEqual([]);
});

test('exported SQL has no constants', () => {
  expect(span(answered.traceId, 'pg.query:recall-test').attributes['db.query.text']).toBe(
    'select $1::text as q, ? as c',
  );
});

test('exported log lines have their trace id', () => {
  expect(sink.logs().join()).toContain(`"traceId":"${broken.traceId}"`);
});

test('no text of users, credential, address or command line is exported or logged', () => {
  const everything = sink.everything() + ended.stdout + ended.stderr;
  expect(everything).toContain(answered.id);
  for (const text of [secret, encodeURIComponent(secret), 'himitsu', 'very-secret']) {
    expect(everything).not.toContain(text);
  }
  const keys = new Set(sink.spans().flatMap(({ attributes }) => Object.keys(attributes)));
  for (const key of ['url.path', 'url.query', 'url.full', 'client.address', 'network.peer.address']) {
    expect(keys).not.toContain(key);
  }
  expect(Object.keys(sink.resource()).sort()).toEqual([
    'service.instance.id',
    'service.name',
    'service.version',
    'telemetry.sdk.language',
    'telemetry.sdk.name',
    'telemetry.sdk.version',
  ]);
});

test('probes create no spans', () => {
  expect(sink.spans().filter(({ attributes }) => attributes['http.route'] === '/healthz')).toEqual([]);
});

function span(traceId: string | undefined, name: string): SentSpan {
  const found = sink.spans().find((each) => each.traceId === traceId && each.name.startsWith(name));
  if (found === undefined) throw new Error(`no span ${name} in trace ${traceId}`);
  return found;
}

/** Names indented by depth; siblings in order of their start. */
function treeOf(traceId: string | undefined): string[] {
  const spans = sink.spans().filter((each) => each.traceId === traceId);
  const under = (parent: string, depth: number): string[] =>
    spans
      .filter((each) => (each.parentSpanId ?? '') === parent)
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .flatMap((each) => [`${'  '.repeat(depth)}${each.name}`, ...under(each.spanId, depth + 1)]);
  return under('', 0);
}
