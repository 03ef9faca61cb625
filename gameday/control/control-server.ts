/** The control server of a game-day stack: reports its status and received alerts, and runs one incident at a time. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { incidentNamed } from '../incidents.ts';
import type { ControlStatus, ReceivedAlert, RunEvent } from './control-protocol.ts';
import type { FaultRunner } from './fault-runner.ts';

export type ControlServer = {
  readonly url: string;
  /** The bearer token of its clients. */
  readonly secret: string;
  readonly close: () => Promise<void>;
};

type Options = {
  /** Called once `url` is known. */
  readonly status: () => ControlStatus;
  readonly faultRunner: FaultRunner;
  readonly receivedAlerts: () => readonly ReceivedAlert[];
  /** The text of an alert's runbook; null: there is none. */
  readonly runbook: (file: string) => string | null;
};

/** Proxies close a connection that is idle for minutes. */
const keepAliveMs = 10_000;

/** Listens on 127.0.0.1 only, because it can stop a database. */
export async function startControlServer(options: Options): Promise<ControlServer> {
  const secret = randomBytes(24).toString('base64url');
  let end: (() => void) | null = null;

  async function run(name: string, response: ServerResponse): Promise<void> {
    const incident = incidentNamed(name);
    if (incident === undefined) return answer(response, 404, { reason: `there is no incident ${name}` });
    const reason = options.faultRunner.unsupportedReason(incident);
    if (reason !== null) return answer(response, 422, { reason });
    if (end !== null) return answer(response, 409, { reason: 'another incident is running here' });
    const over = Promise.withResolvers<void>();
    end = over.resolve;
    // A client that disconnects leaves nothing broken.
    response.on('close', over.resolve);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const send = (event: RunEvent) => void response.write(`${JSON.stringify(event)}\n`);
    const keepAlive = setInterval(() => send({}), keepAliveMs);
    try {
      await options.faultRunner.run(incident, over.promise, send);
    } finally {
      clearInterval(keepAlive);
      end = null;
      response.end();
    }
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://control');
    const [, first = '', second = ''] = pathname.split('/').map(decodeURIComponent);
    const endpoint = `${request.method} /${first}`;
    if (endpoint === 'GET /runbooks') return sendRunbook(response, options.runbook(second));
    if (!isSecret(request.headers.authorization, secret))
      return answer(response, 401, { reason: 'the secret is wrong' });
    if (endpoint === 'GET /') return answer(response, 200, options.status());
    if (endpoint === 'GET /alerts') return answer(response, 200, options.receivedAlerts());
    if (endpoint === 'POST /incidents') return run(second, response);
    if (endpoint === 'DELETE /incidents') {
      end?.();
      return answer(response, 202, {});
    }
    return answer(response, 404, { reason: 'not found' });
  }

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => answer(response, 500, { reason: String(error) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret,
    async close() {
      await options.faultRunner.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function isSecret(header: string | undefined, secret: string): boolean {
  const actual = Buffer.from(header ?? '');
  const expected = Buffer.from(`Bearer ${secret}`);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendRunbook(response: ServerResponse, text: string | null): void {
  response.writeHead(text === null ? 404 : 200, { 'content-type': 'text/markdown; charset=utf-8' });
  response.end(text ?? 'There is no such runbook.\n');
}
