/** A stack's control address: tells what it is and what was told of it, and lets one game day at a time be played. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { incidentNamed } from '../incidents.ts';
import type { Description, Line, Told } from './control-protocol.ts';
import type { Stage } from './stage.ts';

export type Control = {
  readonly url: string;
  /** Whoever may control it shows this. */
  readonly secret: string;
  readonly close: () => Promise<void>;
};

type Given = {
  /** Once `url` is known. */
  readonly describe: () => Description;
  readonly stage: Stage;
  readonly told: () => readonly Told[];
  /** The text of an alert's runbook; null: there is none. */
  readonly runbook: (file: string) => string | null;
};

/** A quiet connection is given up after minutes by those between. */
const signOfLifeMs = 10_000;

/** On 127.0.0.1 only: it can stop a database. */
export async function serveControl(given: Given): Promise<Control> {
  const secret = randomBytes(24).toString('base64url');
  let end: (() => void) | null = null;

  async function play(name: string, response: ServerResponse): Promise<void> {
    const incident = incidentNamed(name);
    if (incident === undefined) return answer(response, 404, { reason: `there is no incident ${name}` });
    const whyNot = given.stage.whyNot(incident);
    if (whyNot !== null) return answer(response, 422, { reason: whyNot });
    if (end !== null) return answer(response, 409, { reason: 'another game day is being played here' });
    const over = Promise.withResolvers<void>();
    end = over.resolve;
    // Whoever plays and vanishes leaves nothing broken.
    response.on('close', over.resolve);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const tell = (line: Line) => void response.write(`${JSON.stringify(line)}\n`);
    const alive = setInterval(() => tell({}), signOfLifeMs);
    try {
      await given.stage.play(incident, over.promise, tell);
    } finally {
      clearInterval(alive);
      end = null;
      response.end();
    }
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://control');
    const [, first = '', second = ''] = pathname.split('/').map(decodeURIComponent);
    const asked = `${request.method} /${first}`;
    if (asked === 'GET /runbooks') return sendRunbook(response, given.runbook(second));
    if (!isSecret(request.headers.authorization, secret)) return answer(response, 401, { reason: 'no secret' });
    if (asked === 'GET /') return answer(response, 200, given.describe());
    if (asked === 'GET /told') return answer(response, 200, given.told());
    if (asked === 'POST /incidents') return play(second, response);
    if (asked === 'DELETE /incidents') {
      end?.();
      return answer(response, 202, {});
    }
    return answer(response, 404, { reason: 'there is nothing here' });
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
      await given.stage.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function isSecret(header: string | undefined, secret: string): boolean {
  const shown = Buffer.from(header ?? '');
  const right = Buffer.from(`Bearer ${secret}`);
  return shown.length === right.length && timingSafeEqual(shown, right);
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
