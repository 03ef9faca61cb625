/** Real SDKs from their registries against a fake model, configured by the lines that `services add` prints. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { pasteText } from '../../services/intake/paste-lines.ts';
import { runIntake } from '../intake/rest-service.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { startModelServer } from '../kit/servers/model-server.ts';

const run = promisify(execFile);
const environments = join('node_modules', '.cache', 'sdks');
const hasPython = await run('python3', ['-m', 'venv', '--help']).then(
  () => true,
  () => false,
);
if (!hasPython) console.warn('skipped: no Python. Install it (Debian: apt-get install python3-venv).');

const db = await testDatabase();
const { chat, addService } = await runIntake(db, { INTAKE_QUIET_MS: '500' });
const model = await startModelServer();
const question = 'How long can I return an item?';
const answer = 'Items can be returned within 30 days [1].';
model.behave({
  kind: 'answer',
  pieces: [answer],
  model: 'gpt-4o-mini-2024-07-18',
  usage: { prompt_tokens: 187, completion_tokens: 41, total_tokens: 228, prompt_tokens_details: { cached_tokens: 64 } },
});

/** The variables among the printed lines. */
async function printed(service: string): Promise<Record<string, string>> {
  const text = pasteText({ service, key: await addService(service), baseUrl: chat.origin });
  return Object.fromEntries(
    [...text.matchAll(/^ {2}([A-Z][A-Z_]+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

async function python(name: string, packages: readonly string[]): Promise<string> {
  const environment = join(environments, name);
  const program = join(environment, 'bin', 'python');
  if (!existsSync(join(environment, 'ready'))) {
    await run('python3', ['-m', 'venv', environment]);
    await run(program, ['-m', 'pip', 'install', '--quiet', ...packages]);
    writeFileSync(join(environment, 'ready'), '');
  }
  return program;
}

/** Runs a program with the printed variables, as a user would, and waits for its turn. */
async function turnOf(service: string, program: string, args: readonly string[], cwd = '.') {
  const variables = await printed(service);
  const env = {
    ...process.env,
    ...variables,
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_API_KEY: 'sk-test',
    QUESTION: question,
  };
  const began = performance.now();
  await run(program, [...args], { env, cwd, timeout: 120_000 });
  await expect
    .poll(() => db.query('select 1 from ai_dialogue_log where service = $1', [service]), { timeout: 60_000 })
    .toHaveLength(1);
  console.log(`${service}: first row ${((performance.now() - began) / 1_000).toFixed(1)} s after its start`);
  return (await db.query('select * from ai_dialogue_log where service = $1', [service]))[0];
}

const retrieved = `[{"id": "policy", "text": "Items can be returned within 30 days of delivery.", "source": "https://shop.example/policy"}]`;
const ask = `
import json, os
question = os.environ["QUESTION"]
documents = json.loads('${retrieved}')
def complete(client):
    messages = [{"role": "system", "content": "Cite as [n]."}, {"role": "user", "content": "[1] " + documents[0]["text"] + "\\n\\nQuestion: " + question}]
    return client.chat.completions.create(model="gpt-4o-mini", messages=messages, temperature=0.2).choices[0].message.content
`;

describe.skipIf(!hasPython)('Python', () => {
  const installs = { timeout: 600_000 };

  test('OpenInference for OpenAI', installs, async () => {
    const program = await python('openinference', [
      'openai==3.57.0',
      'openinference-instrumentation-openai==0.1.66',
      'opentelemetry-sdk==1.45.2',
      'opentelemetry-exporter-otlp-proto-http==1.45.2',
    ]);
    const script = `${ask}
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry import trace
provider = TracerProvider(); provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
OpenAIInstrumentor().instrument(tracer_provider=provider)
import sys; sys.path.append("clients/python")
from openai import OpenAI
from rag_observatory import retrieval_span
with provider.get_tracer("app").start_as_current_span("handle"):
    with retrieval_span(question) as span:
        span.set_documents(documents)
    complete(OpenAI())
provider.shutdown()
`;
    expect(await turnOf('openinference', program, ['-c', script])).toMatchObject({
      query: question,
      response: answer,
      citation_rate: 100,
      prompt_tokens: 187,
      completion_tokens: 41,
    });
  });

  test('Langfuse, by changing its host and keys', installs, async () => {
    const program = await python('langfuse', ['langfuse==5.0.4', 'openai==3.57.0']);
    const script = `${ask}
from langfuse import observe, get_client
from langfuse.openai import OpenAI
@observe(as_type="retriever")
def retrieve(question): return documents
@observe()
def turn(question):
    retrieve(question)
    return complete(OpenAI())
turn(question)
get_client().flush()
`;
    expect(await turnOf('langfuse', program, ['-c', script])).toMatchObject({
      query: question,
      response: answer,
      citation_rate: 100,
      prompt_tokens: 187,
      completion_tokens: 41,
      intake: { dialect: 'langfuse' },
    });
  });
});

describe('JavaScript', () => {
  const folder = join(environments, 'vercel');
  const packages = ['ai@6.0.326', '@ai-sdk/openai@3.0.141', '@opentelemetry/sdk-node@0.301.0'];

  beforeAll(async () => {
    if (existsSync(join(folder, 'ready'))) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
    await run('npm', ['install', '--save-exact', ...packages], { cwd: folder });
    writeFileSync(join(folder, 'ready'), '');
  }, 600_000);

  test('Vercel AI SDK 6', { timeout: 600_000 }, async () => {
    const script = `
import { NodeSDK } from '@opentelemetry/sdk-node';
const sdk = new NodeSDK(); sdk.start();
const { generateText } = await import('ai');
const { createOpenAI } = await import('@ai-sdk/openai');
const openai = createOpenAI();
await generateText({
  model: openai.chat('gpt-4o-mini'), temperature: 0.2, system: 'Cite as [n].', prompt: process.env.QUESTION,
  experimental_telemetry: { isEnabled: true, functionId: 'shop', metadata: { userId: 'ken', sessionId: 's-1' } },
});
await sdk.shutdown();
`;
    writeFileSync(join(folder, 'turn.mjs'), script);
    expect(await turnOf('vercel', process.execPath, ['turn.mjs'], folder)).toMatchObject({
      query: question,
      response: answer,
      citation_rate: null,
      prompt_tokens: 187,
      completion_tokens: 41,
      intake: { dialect: 'vercel-ai' },
    });
  });
});
