/** The files of clients/, run against the whole service. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createRagObservatory, documentsAttribute, retrievalSpan } from '../../clients/typescript/rag-observatory.ts';
import { documentsIn } from '../../services/intake/spans/documents.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { startChild } from '../kit/programs/child.ts';
import { returnsTurn, runIntake } from './rest-service.ts';

const db = await testDatabase();
const { chat, addService } = await runIntake(db);
const key = await addService('client');
const turnsOf = (session: string) =>
  db.query("select * from ai_dialogue_log where service = 'client' and release = $1", [session]);

const noPython = spawnSync('python3', ['--version']).status === 0 ? false : 'python3 is not installed';

async function python(script: string): Promise<string> {
  const child = startChild('python3', ['-c', script], {
    env: {
      ...process.env,
      PYTHONPATH: 'clients/python:clients/open-webui',
      PYTHONDONTWRITEBYTECODE: '1',
      RAG_OBSERVATORY_URL: chat.origin,
      RAG_OBSERVATORY_KEY: key,
      TURN: JSON.stringify(returnsTurn),
    },
  });
  const code = await child.ended();
  if (code !== 0) throw new Error(child.written());
  return child.written();
}

test('the TypeScript client records a turn and returns its citations with verdicts', async () => {
  const rag = createRagObservatory({ url: chat.origin, key });
  const reply = await rag.recordTurn({ ...returnsTurn, release: 'ts' });
  expect(reply).toMatchObject({ citationRate: 100, citations: [{ valid: true }, { valid: true }] });
  expect(await turnsOf('ts')).toHaveLength(1);
  expect(await rag.vote(reply?.id ?? '', 1)).toMatchObject({ state: 'applied' });
});

test('the TypeScript client reports an error to its callback, and throws without one', async () => {
  const errors: Error[] = [];
  const quiet = createRagObservatory({ url: chat.origin, key: 'ragk_wrong', onError: (error) => errors.push(error) });
  expect(await quiet.recordTurn(returnsTurn)).toBeUndefined();
  expect(errors[0]?.message).toContain('401');
  await expect(createRagObservatory({ url: chat.origin, key: 'ragk_wrong' }).recordTurn(returnsTurn)).rejects.toThrow(
    '401',
  );
});

test('the retrieval span of the TypeScript client has the documents as we read them', async () => {
  const written = new Map<string, string>();
  let ended = false;
  const span = {
    setAttribute: (name: string, value: string) => written.set(name, value),
    setStatus: () => {},
    end: () => {
      ended = true;
    },
  };
  const tracer = { startActiveSpan: <T>(_name: string, run: (own: typeof span) => T) => run(span) };
  const documents = [{ id: 'a', text: 'text', url: 'https://a.example', title: 'A', license: 'MIT', score: 0.5 }];
  expect(await retrievalSpan(tracer, 'question', async () => documents)).toBe(documents);
  expect(written.get('gen_ai.retrieval.documents')).toBe(documentsAttribute(documents));
  expect(documentsIn(written.get('gen_ai.retrieval.documents'), true)).toEqual(documents);
  expect(ended).toBe(true);
});

test.skipIf(noPython)('the Python client records a turn, a failure and a vote', async () => {
  const out = await python(`
import json, os
from rag_observatory import Client, RagObservatoryError, documents_attribute
client = Client(fail_silently=False)
turn = json.loads(os.environ["TURN"])
reply = client.record_turn(**turn, release="py")
print(reply["citationRate"], [c["valid"] for c in reply["citations"]])
print(client.vote(reply["id"], 1)["state"])
class Document:
    page_content = "返品は商品到着から14日以内に限り、未開封の商品について受け付けます。"
    metadata = {"source": "https://shop.example/returns", "license": "MIT"}
    id = None
reply = client.record_turn(question="q", answer="返品は商品到着から14日以内に限り、未開封の商品について受け付けます。[1]", documents=[Document()], release="py")
print([c["valid"] for c in reply["citations"]], [c["url"] for c in reply["citations"]])
print(client.record_turn(question="q", error="RateLimitError")["outcome"])
print(json.loads(documents_attribute([{"text": "t", "url": "u", "license": "MIT"}])))
try:
    Client(key="ragk_wrong", fail_silently=False).record_turn(question="q", answer="a")
except RagObservatoryError as error:
    print(error.status)
print(Client(key="ragk_wrong").record_turn(question="q", answer="a"))
`);
  expect(out.split('\n')).toEqual([
    '100 [True, True]',
    'applied',
    "[True] ['https://shop.example/returns']",
    'failed',
    "[{'id': '1', 'content': 't', 'uri': 'u', 'license': 'MIT'}]",
    '401',
    'None',
    '',
  ]);
  expect(await turnsOf('py')).toHaveLength(2);
});

test.skipIf(noPython)('the filter of Open WebUI sends a chat turn with its sources', async () => {
  const out = await python(`
import asyncio, importlib.util, json, os
spec = importlib.util.spec_from_file_location("webui", "clients/open-webui/rag_observatory.py")
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
turn = json.loads(os.environ["TURN"])
filter = module.Filter()
filter.valves.url, filter.valves.key = os.environ["RAG_OBSERVATORY_URL"], os.environ["RAG_OBSERVATORY_KEY"]
sources = [{"source": {"id": d["id"], "name": d["title"]}, "document": [d["text"]], "metadata": [{"source": d["title"]}]} for d in turn["documents"]]
body = {"chat_id": "chat-7", "model": "llama3", "messages": [{"role": "user", "content": turn["question"]}, {"role": "assistant", "id": "m1", "content": turn["answer"], "sources": sources}]}
asyncio.run(filter.inlet(body)); asyncio.run(filter.outlet(body, __user__={"id": "ken"}))
`);
  expect(out).toBe('');
  const rows = await db.query("select * from ai_dialogue_log where service = 'client' and model_used = 'llama3'");
  expect(rows).toMatchObject([{ query: returnsTurn.question, citation_rate: 100 }]);
});
