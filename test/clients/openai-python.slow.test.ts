/** Asks the whole service with the OpenAI SDK for Python, installed into a virtual environment of its own. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';

const run = promisify(execFile);
const environment = join('node_modules', '.cache', 'openai-python');
const python = join(environment, 'bin', 'python');
const hasPython = await run('python3', ['-m', 'venv', '--help']).then(
  () => true,
  () => false,
);
if (!hasPython) console.warn('skipped: no Python. Install it (Debian: apt-get install python3-venv).');

const program = `
import json, sys
from openai import APIStatusError, AuthenticationError, OpenAI
base, token = sys.argv[1:]
client = OpenAI(base_url=base, api_key=token, max_retries=0)
model = client.models.list().data[0].id
ask = [{"role": "user", "content": "What is RAG?"}]
whole = client.chat.completions.create(model=model, messages=ask)
stream = client.chat.completions.create(model=model, messages=ask, stream=True, stream_options={"include_usage": True})
chunks = list(stream)
text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
try:
    OpenAI(base_url=base, api_key="sk-wrong", max_retries=0).models.list()
except AuthenticationError as error:
    refused = error.code
try:
    client.chat.completions.create(model=model, messages=[])
except APIStatusError as error:
    bad = [error.status_code, error.param]
message = whole.choices[0].message
cited = [message.content[a.url_citation.start_index:a.url_citation.end_index] for a in message.annotations]
print(json.dumps({"whole": message.content, "text": text, "cited": cited, "finish": chunks[-2].choices[0].finish_reason,
  "usage": chunks[-1].usage.total_tokens if chunks[-1].usage else None, "refused": refused, "bad": bad}))
`;

describe.skipIf(!hasPython)('the OpenAI SDK for Python', () => {
  beforeAll(async () => {
    if (existsSync(join(environment, 'ready'))) return;
    await run('python3', ['-m', 'venv', environment]);
    await run(python, ['-m', 'pip', 'install', '--quiet', 'openai==3.57.0']);
    await run('touch', [join(environment, 'ready')]);
  });

  test('lists the model, reads an answer whole and streamed, and raises its own errors', async () => {
    const db = await testDatabase();
    await ingestSampleDocuments(db.url);
    const chat = await runChat(db.url);
    const { stdout } = await run(python, ['-c', program, `${chat.origin}/v1`, await chat.token()]);
    const result = JSON.parse(stdout);
    const [row] = await db.query('select response from ai_dialogue_log order by created_at limit 1');
    expect(result.whole.startsWith(`${row?.response}\n\n**Sources**`)).toBe(true);
    expect(result).toMatchObject({ text: result.whole, finish: 'stop', usage: 0, refused: 'invalid_api_key' });
    expect(result.bad).toEqual([400, 'messages']);
    expect(result.cited.length).toBeGreaterThan(0);
    for (const mark of result.cited) expect(mark).toMatch(/^\[\d\]$/);
  });
});
