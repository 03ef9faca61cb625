/** OTLP under faults: killed servers, hostile payloads, refused requests. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { doctorText } from '../../services/commands/services/doctor.ts';
import { diagnoseService } from '../../services/wiring/diagnose-service.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { freePort } from '../kit/servers/free-port.ts';
import { attribute, encodedRequest, encodedSpan, field } from './encode.ts';
import { jsonSpan, jsonTraces, postOtlp, randomId, sendCapture } from './otlp-client.ts';
import { runIntake } from './rest-service.ts';

const db = await testDatabase();
const { chat, addService } = await runIntake(db, { INTAKE_QUIET_MS: '300' });
const key = await addService('shop');
const traces = `${chat.origin}/v1/traces`;
const dataDir = mkdtempSync(join(tmpdir(), 'rag-otlp-'));
killLeftovers();
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const turnsOf = (service: string) => db.query('select * from ai_dialogue_log where service = $1', [service]);
const doctor = async (service: string) => {
  const diagnosis = await diagnoseService(db.pool, service, 'https://rag.example');
  return diagnosis === null ? '' : doctorText(diagnosis);
};

test('spans that were acknowledged survive a kill of the server and become a turn', { timeout: 120_000 }, async () => {
  const port = await freePort();
  const program = fileURLToPath(new URL('../../services/chat-server.ts', import.meta.url));
  const server = startChild(process.execPath, [program], {
    env: {
      DATA_DIR: dataDir,
      DATABASE_URL: db.url,
      PORT: String(port),
      METRICS_PORT: String(await freePort()),
      INTAKE_QUIET_MS: '60000',
    },
  });
  await server.line(/chat server listening/);
  const own = await addService('killed');
  expect(await sendCapture('openinference-langchain', own, [`http://127.0.0.1:${port}`])).toEqual([200, 200]);
  server.process.kill('SIGKILL');
  await server.ended();
  await expect.poll(() => turnsOf('killed')).toHaveLength(1);
});

const json = { type: 'application/json' };
const protobuf = { type: 'application/x-protobuf' };

test.each([
  ['a bomb', 413, gzipSync(Buffer.alloc(64 * 1_048_576)), { ...json, encoding: 'gzip' }],
  ['a body of 5 MiB', 413, Buffer.alloc(5 * 1_048_576, 0x20), json],
  ['5,000 levels', 400, Buffer.from(`{"resourceSpans":${'['.repeat(5_000)}${']'.repeat(5_000)}}`), json],
  ['no UTF-8', 400, Buffer.from([0x7b, 0xff]), json],
  ['random bytes', 400, Buffer.from('certainly no protobuf'), protobuf],
  ['bytes that are not compressed', 400, Buffer.from('{}'), { ...json, encoding: 'gzip' }],
  ['an unknown compression', 415, Buffer.from('{}'), { ...json, encoding: 'br' }],
  ['plain text', 415, Buffer.from('{}'), { type: 'text/plain' }],
] as const)('a request with %s is answered %i', async (_case, status, body, sent) => {
  expect(await postOtlp(traces, key, body, sent)).toMatchObject({ status });
});

test('uploads that do not go on delay no other request', async () => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': '1000' };
  const uploads = Array.from({ length: 8 }, () => {
    const upload = request(traces, { method: 'POST', headers });
    upload.on('error', () => {});
    upload.write('{"resourceSpans":');
    return upload;
  });
  await Promise.all(uploads.map((upload) => once(upload, 'socket')));
  expect(await postOtlp(traces, key, Buffer.from('{}'))).toMatchObject({ status: 200 });
  for (const upload of uploads) upload.destroy();
});

test('hundreds of traces without a turn delay no turn that is complete', async () => {
  const own = await addService('crowded');
  const embeddings = Array.from({ length: 1_200 }, () =>
    jsonSpan({ traceId: randomId(16) }, { 'openinference.span.kind': 'EMBEDDING' }),
  );
  expect(await postOtlp(traces, own, jsonTraces(embeddings))).toMatchObject({ status: 200 });
  await sendCapture('openinference-langchain', own, [chat.origin]);
  await expect.poll(() => turnsOf('crowded'), { timeout: 60_000 }).toHaveLength(1);
  await expect.poll(() => db.query("select from pending_span where service = 'crowded'")).toHaveLength(1_200);
  await db.query("delete from pending_span where service = 'crowded'");
});

test('an error has the content type of the request, as a status that exporters print', async () => {
  const inJson = await postOtlp(traces, key, Buffer.from('['), json);
  expect(inJson.type).toBe('application/json');
  expect(JSON.parse(inJson.reply.toString())).toMatchObject({ code: 3, message: expect.stringContaining('JSON') });
  const binary = await postOtlp(traces, key, Buffer.from('no'), protobuf);
  expect(binary.type).toBe('application/x-protobuf');
  expect(binary.reply.subarray(0, 2)).toEqual(Buffer.from([0x08, 0x03]));
  const wrongKey = await postOtlp(traces, 'ragk_wrong', Buffer.from('{}'), json);
  expect(wrongKey).toMatchObject({ status: 401, type: 'application/json' });
});

test('hostile spans are refused one by one with a partial success, and the others are stored', async () => {
  const traceId = randomId(16);
  const good = jsonSpan({ traceId }, { 'input.value': 'When is it?', 'output.value': 'At noon.' });
  const long = jsonSpan({ traceId: randomId(16) }, { 'input.value': 'x'.repeat(1_048_576) });
  const bad = [{ ...good, startTimeUnixNano: '-1' }, { ...good, attributes: 'none' }, 7];
  const { status, reply } = await postOtlp(traces, key, jsonTraces([good, long, ...(bad as object[])]));
  expect(status).toBe(200);
  const { partialSuccess } = JSON.parse(reply.toString());
  expect(partialSuccess).toMatchObject({ rejectedSpans: '3', errorMessage: expect.stringContaining('longer than') });
  await expect.poll(() => turnsOf('shop')).toHaveLength(1);
  const invalid = encodedRequest(encodedSpan(attribute('input.value', field(1, Buffer.from([0xff])))));
  const binary = await postOtlp(traces, key, invalid, protobuf);
  expect(binary.status).toBe(200);
  expect(binary.reply.subarray(2, 4)).toEqual(Buffer.from([0x08, 0x01]));
});

test('a request that is refused as a whole stores nothing', async () => {
  const body = jsonTraces([jsonSpan({ traceId: randomId(16) }, { 'input.value': 'a' })]);
  expect(await postOtlp(traces, 'ragk_wrong', body)).toMatchObject({ status: 401 });
  expect(await postOtlp(traces, key, body.subarray(0, body.length - 4))).toMatchObject({ status: 400 });
  expect(await postOtlp(`${chat.origin}/v1/metrics`, key, body)).toMatchObject({ status: 200 });
  expect(await db.query("select 1 from pending_span where service = 'shop' and is_ai")).toEqual([]);
});

test('the doctor names what did not arrive, and the line that fixes it in that framework', async () => {
  const own = await addService('vercel');
  await sendCapture('vercel-ai-6', own, [chat.origin]);
  await expect.poll(() => turnsOf('vercel')).toHaveLength(1);
  const text = await doctor('vercel');
  expect(text).toContain('written by vercel-ai');
  expect(text).toContain('✓ answer\n');
  expect(text).toContain('✗ documents: the AI SDK has no span of the retrieval\n    await retrievalSpan(');
});

test('the doctor names attributes that the SDK dropped', async () => {
  const own = await addService('many-documents');
  await sendCapture('openinference-langchain-70-documents', own, [chat.origin]);
  await expect.poll(() => turnsOf('many-documents')).toHaveLength(1);
  expect((await turnsOf('many-documents'))[0]).toMatchObject({ citation_rate: null });
  expect(await doctor('many-documents')).toContain('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=10000');
});

test('the doctor says at a glance why nothing shows', async () => {
  const own = await addService('nothing-shows');
  expect(await doctor('nothing-shows')).toContain('Nothing has arrived with a key of this service.');
  await postOtlp(traces, 'ragk_0123456789abcdef', Buffer.from('{}'));
  await postOtlp(`${chat.origin}/v1/trace`, own, Buffer.from('{}'));
  await postOtlp(traces, own, Buffer.alloc(5 * 1_048_576, 0x20));
  const web = jsonSpan({ traceId: randomId(16) }, { 'http.route': '/' });
  await postOtlp(traces, own, jsonTraces([web]));
  await expect.poll(() => doctor('nothing-shows')).toContain('none with attributes of an AI application');
  const admin = { headers: { authorization: `Bearer ${await chat.token('boss@example.org', 'admin')}` } };
  const reply = await fetch(`${chat.origin}/api/admin/services/nothing-shows/doctor`, admin);
  expect(await reply.json()).toMatchObject({ turns: 0, findings: [{ fix: expect.any(String) }, {}, {}, {}, {}] });
  const text = await doctor('nothing-shows');
  expect(text).toContain('with the unknown key ragk_0123456');
  expect(text).toContain('/v1/trace went to a path that does not exist');
  expect(text).toContain('were too large');
  expect(text).toContain('OTEL_BSP_MAX_EXPORT_BATCH_SIZE=64');
});

test('an administrator reads the diagnosis as a page in English or Japanese, and no learner does', async () => {
  const own = await addService('page-of-doctor');
  await sendCapture('vercel-ai-6', own, [chat.origin]);
  await expect.poll(() => turnsOf('page-of-doctor')).toHaveLength(1);
  const page = async (name: string, role: 'admin' | 'learner', language: string) => {
    const token = await chat.token(`${role}@example.org`, role);
    const headers = { authorization: `Bearer ${token}`, 'accept-language': language };
    const response = await fetch(`${chat.origin}/dashboard/services/${name}`, { headers });
    return { status: response.status, text: await response.text() };
  };
  const english = await page('page-of-doctor', 'admin', 'en');
  expect(english.status).toBe(200);
  expect(english.text).toContain('The latest turn.');
  expect(english.text).toContain('the AI SDK has no span of the retrieval');
  expect((await page('page-of-doctor', 'admin', 'ja')).text).toContain('文書の本文');
  expect((await page('page-of-doctor', 'learner', 'en')).status).toBe(403);
  expect((await page('no-such-service', 'admin', 'en')).status).toBe(404);
});
