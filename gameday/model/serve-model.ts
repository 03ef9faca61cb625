/** The model server of game days: the OpenAI chat-completions protocol, whole or streamed, with faults on demand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Behaviour, defaultBehaviour } from './behaviour.ts';
import { metricsText } from './metrics-text.ts';
import { type AskedMessage, writeAnswer } from './write-answer.ts';

export type ModelServer = {
  /** The value for LLM_BASE_URL. */
  readonly baseUrl: string;
  /** Applies the change and resets every other setting to its default. */
  readonly behave: (change: Partial<Behaviour>) => void;
  /** Sets the incident that `/metrics` reports; null: none. */
  readonly setIncident: (incident: string | null) => void;
  /** Requests so far. */
  readonly requests: () => number;
  readonly close: () => Promise<void>;
};

type Request = { readonly model?: string; readonly messages?: readonly AskedMessage[]; readonly stream?: boolean };

const maxBytes = 4_000_000;

/** @param port 0: any that is free */
export async function serveModel({ host, port }: { host: string; port: number }): Promise<ModelServer> {
  let behaviour = defaultBehaviour;
  let requests = 0;
  let running: string | null = null;
  const server = createServer((incoming, response) => {
    if (incoming.method === 'GET' && incoming.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      return void response.end(metricsText(running));
    }
    requests += 1;
    reply(incoming, response, behaviour, requests).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    baseUrl: `http://${host}:${own}/v1`,
    behave: (change) => {
      behaviour = { ...defaultBehaviour, ...change };
    },
    setIncident: (incident) => {
      running = incident;
    },
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function reply(
  incoming: IncomingMessage,
  response: ServerResponse,
  behaviour: Behaviour,
  nth: number,
): Promise<void> {
  const request = await readRequest(incoming);
  if (request === null || !Array.isArray(request.messages)) return refuse(response, 400, 'messages are missing');
  // Spread evenly: of ten requests with a share of 0.3, the fourth, the seventh and the tenth fail.
  if (Math.floor(nth * behaviour.errorShare) > Math.floor((nth - 1) * behaviour.errorShare)) {
    return refuse(response, 500, 'simulated model failure');
  }
  await pause(behaviour.delayMs);
  if (response.destroyed) return;
  const answer = {
    model: request.model ?? 'gameday',
    text: writeAnswer(request.messages, behaviour.citations),
    usage: {
      prompt_tokens: behaviour.promptTokens,
      completion_tokens: behaviour.completionTokens,
      total_tokens: behaviour.promptTokens + behaviour.completionTokens,
    },
  };
  if (request.stream === true) sendStream(response, answer);
  else sendWhole(response, answer);
}

async function readRequest(incoming: IncomingMessage): Promise<Request | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming) {
    length += part.length;
    if (length > maxBytes) return null;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'gameday', code: null, param: null } }));
}

type Answer = { readonly model: string; readonly text: string; readonly usage: object };

function sendStream(response: ServerResponse, { model, text, usage }: Answer): void {
  const event = (more: object) => {
    const chunk = { id: 'chatcmpl-gameday', object: 'chat.completion.chunk', created: 1, model, ...more };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const choice = (delta: object, finish_reason: string | null) => [{ index: 0, delta, finish_reason }];
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  event({ choices: choice({ role: 'assistant', content: '' }, null) });
  for (const piece of text.match(/[\s\S]{1,24}/g) ?? []) event({ choices: choice({ content: piece }, null) });
  event({ choices: choice({}, 'stop') });
  event({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

function sendWhole(response: ServerResponse, { model, text, usage }: Answer): void {
  const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ id: 'chatcmpl-gameday', object: 'chat.completion', created: 1, model, choices, usage }),
  );
}
