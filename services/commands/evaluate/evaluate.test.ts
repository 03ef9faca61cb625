import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { expect, test } from 'vitest';
import { onCleanup } from '../../../test/kit/cleanup.ts';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { bearer, serveApp } from '../../../test/kit/programs/serve-app.ts';
import { type EvaluateFlags, runEvaluate } from './evaluate.ts';

const flags: EvaluateFlags = { map: [], header: [], parallel: '4', timeout: '20' };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'rag-evaluate-'));
  onCleanup(async () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Questions 0 to 199: each fifth is unanswerable. */
function writeSet(directory: string): string {
  const file = join(directory, 'set.jsonl');
  const lines = Array.from({ length: 200 }, (_, index) => ({
    id: `q${index}`,
    question: `What does chapter ${index} say?`,
    relevant: index % 5 === 0 ? [] : [{ document: `manual/${index}.html`, contains: `Chapter ${index} says this.` }],
  }));
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  return file;
}

async function evaluate(
  set: string,
  more: Partial<EvaluateFlags>,
  options: { token?: string; variables?: Record<string, string> } = {},
) {
  const written: string[] = [];
  const shown: string[] = [];
  const code = await runEvaluate(
    set,
    { ...flags, ...more },
    {
      ownUrl: more.service ?? 'http://127.0.0.1:1',
      ownToken: options.token === undefined ? null : async () => options.token ?? '',
      readVariable: (name) => options.variables?.[name],
      write: (text) => void written.push(text),
      terminal: { write: (text) => void shown.push(text), columns: 80 },
      newSession: v4,
      clock: () => performance.now(),
      now: () => new Date('2026-11-30T00:00:00Z'),
      signal: new AbortController().signal,
    },
  );
  return { code, report: written.join(''), shown: shown.join('') };
}

/** This service's API. `wrong` names the questions that it answers from another chapter. */
async function serve(wrong: (chapter: number) => boolean) {
  const app = await serveApp({
    chat: async ({ id, sessionId, query, requester, askedAt }) => {
      const chapter = Number(/\d+/.exec(query)?.[0]);
      const turn = { id, sessionId, query, userId: requester.userId, askedAt };
      if (chapter % 5 === 0)
        return answeredTurn({
          ...turn,
          outcome: 'no_answer',
          answer: 'Not found.',
          citations: [],
          relevanceScore: null,
        });
      const said = wrong(chapter) ? chapter + 1 : chapter;
      const excerpt = `Chapter ${said} says this.`;
      const [citation] = answeredTurn().citations;
      const citations =
        citation === undefined ? [] : [{ ...citation, excerpt, url: `https://docs.example/manual/${said}.html#part` }];
      return answeredTurn({ ...turn, answer: `${excerpt} [1]`, citations });
    },
  });
  onCleanup(() => app[Symbol.asyncDispose]());
  return { service: app.url, token: (await bearer()).authorization.replace('Bearer ', '') };
}

test('a service that became 5 points worse fails the gate over HTTP, and one that did not passes', async () => {
  const directory = folder();
  const set = writeSet(directory);
  const good = await serve((chapter) => chapter % 10 === 1);
  const first = await evaluate(set, { service: good.service, out: join(directory, 'base') }, { token: good.token });
  expect(first.code).toBe(0);
  expect(first.report).toContain('| Unanswerable questions refused | 100 % | 40 |');
  expect(first.report).toContain(
    '| Correct outcome: the expected answer, or "not found" where there is none | 90 % | 200 |',
  );
  expect(first.shown).toContain('/200 questions');

  const baseline = join(directory, 'base.json');
  const same = await evaluate(set, { service: good.service, baseline }, { token: good.token });
  expect(same.code, same.report).toBe(0);
  expect(same.report).toContain('**No regression beyond chance.**');

  // Ten further questions of 200.
  const worse = await serve((chapter) => chapter % 10 === 1 || chapter % 20 === 2);
  const out = join(directory, 'now');
  const second = await evaluate(set, { service: worse.service, baseline, out }, { token: worse.token });
  expect(second.code, second.report).toBe(1);
  expect(second.report).toContain('**Regression: Correct outcome');
  expect(second.report).toContain('`q2`, `q22`');
  expect(readFileSync(`${out}.xml`, 'utf8')).toMatch(/<testsuite name="baseline" tests="\d+" failures="[1-9]/);
  expect(readFileSync(`${out}.md`, 'utf8')).toBe(second.report);
  // The results are for a later run, and contain no text of a question or an answer.
  expect(readFileSync(baseline, 'utf8')).not.toContain('says this');
});

test('another service is evaluated with a field mapping, its documents and marks included', async () => {
  const directory = folder();
  const set = join(directory, 'set.jsonl');
  const question = {
    id: 'a',
    question: 'When is the library open?',
    relevant: [{ document: 'hours.md', contains: 'opens at nine' }],
  };
  const missing = { id: 'b', question: 'Who is the director?', answerable: false };
  writeFileSync(set, `${JSON.stringify(question)}\n${JSON.stringify(missing)}\n`);
  const requests: { headers: Record<string, unknown>; body: { messages: { content: string }[]; model: string } }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    requests.push({ headers: request.headers, body: JSON.parse(text) });
    // The first request is postponed, and sent again.
    if (requests.length === 1) {
      response.writeHead(429, { 'retry-after': '0' }).end();
      return;
    }
    const isKnown = text.includes('library');
    const content = isKnown
      ? 'The library opens at nine. [1]'
      : 'The provided documents do not contain any information about a director.';
    const sources = [{ doc: { path: 'docs/hours.md' }, text: 'On weekdays the library opens at nine.' }];
    response.end(JSON.stringify({ choices: [{ message: { content } }], sources, usage: { yen: '0.5' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(async () => void server.close());
  const service = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat`;
  const map = [
    'question=messages[0].content',
    'answer=choices[0].message.content',
    'documents=sources[*].doc.path',
    'text=sources[*].text',
    'cost=usage.yen',
  ];
  const more = {
    service,
    map,
    body: '{"model":"m"}',
    tokenFrom: 'SHOP_TOKEN',
    header: ['x-api-key=SHOP_KEY'],
    parallel: '1',
  };
  const { code, report } = await evaluate(set, more, { variables: { SHOP_TOKEN: 'token-1', SHOP_KEY: 'key-1' } });
  expect(code).toBe(0);
  for (const row of [
    '| Expected text in the answer or its citations | 100 % | 1 |',
    '| Expected document among the documents | 100 % | 1 |',
    '| Unanswerable questions refused | 100 % | 1 |',
    '| Answers with a valid citation | 100 % | 1 |',
    '| Cost per answer | ¥0.5 | 1 |',
  ]) {
    expect(report).toContain(row);
  }
  expect(requests[1]?.body).toEqual({ model: 'm', messages: [{ content: 'When is the library open?' }] });
  expect(requests[1]?.headers).toMatchObject({ authorization: 'Bearer token-1', 'x-api-key': 'key-1' });
});

test.each([
  ['{"question": ""}', /set\.jsonl:1: question:/],
  ['{"id":"a","question":"x"}\n{"id":"a","question":"y"}', /contains the id "a" twice/],
  ['not JSON', /set\.jsonl:1 is not JSON/],
])('an invalid set is refused with its place: %s', async (text, message) => {
  const set = join(folder(), 'set.jsonl');
  writeFileSync(set, text);
  await expect(evaluate(set, {})).rejects.toThrow(message);
});

test('a service that refuses the token or cannot be reached stops the evaluation with the reason', async () => {
  const set = writeSet(folder());
  const { service } = await serve(() => false);
  await expect(evaluate(set, { service })).rejects.toThrow(/replied with status 401\. Put a token/);
  await expect(evaluate(set, {})).rejects.toThrow(/answered none of the 200 questions/);
  await expect(evaluate(set, { map: ['reply=x'] })).rejects.toThrow(/--map reply=x: write it as FIELD=PATH/);
});
