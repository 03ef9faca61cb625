/** A mock model server: real HTTP, the OpenAI chat-completions protocol, and many faults. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Token usage in the format of the protocol. */
type Usage = {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
};

export type Behaviour =
  /** Answers; null usage: none is reported. A single JSON document unless the request asks for a stream. */
  | {
      kind: 'answer';
      pieces: readonly string[];
      usage?: Usage | null;
      model?: string;
      finish?: string;
      /** Milliseconds before the first piece and between pieces. */
      firstAfterMs?: number;
      betweenMs?: number;
    }
  /** Sends the pieces, then resets the connection. */
  | { kind: 'breakOff'; pieces: readonly string[] }
  /** Sends the pieces and ends the stream without the final event. */
  | { kind: 'endEarly'; pieces: readonly string[] }
  /** Sends the pieces, then stalls. */
  | { kind: 'fallSilent'; pieces: readonly string[] }
  /** Replies with this status and body. */
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>>; body?: unknown }
  | { kind: 'raw'; contentType: string; body: string }
  /** Sends each text as it is, after its pause, then ends in good order. */
  | { kind: 'script'; steps: readonly (readonly [afterMs: number, text: string])[] }
  /** Accepts the request and never replies. */
  | { kind: 'never' }
  /** Resets the connection at once. */
  | { kind: 'hangUp' };

type ReceivedRequest = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { model: string; messages: { role: string; content: string }[]; stream?: boolean } & Record<
    string,
    unknown
  >;
  /** Resolves when the response is closed: true if it was complete. */
  readonly over: Promise<boolean>;
};

export type ModelServer = {
  /** The value for LLM_BASE_URL. */
  readonly baseUrl: string;
  readonly requests: readonly ReceivedRequest[];
  /** Sets the behaviour of the next requests, one each; the last one remains. A function depends on the request. */
  readonly behave: (...behaviours: (Behaviour | ((request: ReceivedRequest) => Behaviour))[]) => void;
  /** Resolves with the next request. */
  readonly nextRequest: () => Promise<ReceivedRequest>;
  readonly close: () => Promise<void>;
};

const usualUsage: Usage = { prompt_tokens: 131, completion_tokens: 17, total_tokens: 148 };

/** Listens on a free port of 127.0.0.1. By default it answers "Yes [1]." */
export async function startModelServer(): Promise<ModelServer> {
  const requests: ReceivedRequest[] = [];
  const waiting: ((request: ReceivedRequest) => void)[] = [];
  let script: (Behaviour | ((request: ReceivedRequest) => Behaviour))[] = [
    { kind: 'answer', pieces: ['Yes', ' [1].'] },
  ];

  const server = createServer(async (incoming, response) => {
    const request = await receive(incoming, response);
    requests.push(request);
    for (const resolve of waiting.splice(0)) resolve(request);
    const next = script.length > 1 ? script.shift() : script[0];
    if (next !== undefined) await respond(typeof next === 'function' ? next(request) : next, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    behave: (...behaviours) => {
      script = behaviours;
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<ReceivedRequest> {
  const over = once(response, 'close').then(() => response.writableFinished);
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  return { path: incoming.url ?? '', headers: incoming.headers, body: text === '' ? {} : JSON.parse(text), over };
}

async function respond(behaviour: Behaviour, request: ReceivedRequest, response: ServerResponse): Promise<void> {
  switch (behaviour.kind) {
    case 'never':
      return;
    case 'hangUp':
      response.destroy();
      return;
    case 'status':
      response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers });
      response.end(
        JSON.stringify(
          behaviour.body ?? { error: { message: 'no', type: 'scripted', code: 'scripted_code', param: null } },
        ),
      );
      return;
    case 'raw':
      response.writeHead(200, { 'content-type': behaviour.contentType });
      response.end(behaviour.body);
      return;
    case 'script':
      startStream(response);
      response.flushHeaders();
      for (const [afterMs, text] of behaviour.steps) {
        if (afterMs > 0) await pause(afterMs);
        if (response.destroyed) return;
        response.write(text);
      }
      response.end();
      return;
    case 'answer':
      return request.body.stream === true
        ? streamAnswer(behaviour, request, response)
        : wholeAnswer(behaviour, request, response);
    default:
      startStream(response);
      for (const piece of behaviour.pieces) await send(response, chunk('m', { content: piece }));
      if (behaviour.kind === 'breakOff') response.destroy();
      if (behaviour.kind === 'endEarly') response.end();
  }
}

type Answer = Extract<Behaviour, { kind: 'answer' }>;

async function streamAnswer(answer: Answer, { body }: ReceivedRequest, response: ServerResponse): Promise<void> {
  const model = answer.model ?? body.model;
  startStream(response);
  await send(response, chunk(model, { role: 'assistant', content: '' }));
  for (const [index, piece] of answer.pieces.entries()) {
    const wait = index === 0 ? answer.firstAfterMs : answer.betweenMs;
    if (wait !== undefined) await pause(wait);
    if (response.destroyed) return;
    await send(response, chunk(model, { content: piece }));
  }
  await send(response, chunk(model, {}, answer.finish ?? 'stop'));
  const asked = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const usage = answer.usage === undefined ? usualUsage : answer.usage;
  if (asked && usage !== null) await send(response, { ...chunk(model, {}), choices: [], usage });
  response.end('data: [DONE]\n\n');
}

async function wholeAnswer(answer: Answer, { body }: ReceivedRequest, response: ServerResponse): Promise<void> {
  if (answer.firstAfterMs !== undefined) await pause(answer.firstAfterMs);
  const message = { role: 'assistant', content: answer.pieces.join('') };
  const usage = answer.usage === undefined ? usualUsage : answer.usage;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: answer.model ?? body.model,
      choices: [{ index: 0, message, finish_reason: answer.finish ?? 'stop' }],
      ...(usage === null ? {} : { usage }),
    }),
  );
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
}

function chunk(model: string, delta: object, finish: string | null = null): object {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, choices };
}

/** Resolves when the piece is flushed, so that a following reset does not overtake it. */
function send(response: ServerResponse, event: object): Promise<void> {
  return new Promise((resolve) => response.write(`data: ${JSON.stringify(event)}\n\n`, () => resolve()));
}
