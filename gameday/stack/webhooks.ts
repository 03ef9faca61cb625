/** Receives Alertmanager's notifications, as a pager and a chat would. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { ReceivedAlert } from '../control/control-protocol.ts';

export type Webhooks = {
  readonly page: string;
  readonly chat: string;
  readonly heartbeat: string;
  /** The last 4,000, oldest first. */
  readonly receivedAlerts: () => readonly ReceivedAlert[];
  /** Resolves with the first heartbeat. */
  readonly alive: Promise<void>;
  readonly close: () => void;
};

const texts = z.record(z.string(), z.string());
const notification = z.object({
  alerts: z.array(z.object({ status: z.enum(['firing', 'resolved']), labels: texts, annotations: texts })),
});

const maxKept = 4_000;

/** @param now milliseconds since 1970 */
export async function receiveWebhooks(now: () => number): Promise<Webhooks> {
  const received: ReceivedAlert[] = [];
  const alive = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const at = now();
    const body = await readBody(request);
    response.end();
    const route = (request.url ?? '').slice(1);
    if (route === 'heartbeat') return alive.resolve();
    const { success, data } = notification.safeParse(body);
    if (success) received.push(...data.alerts.map((alert) => ({ at, route, ...alert })));
    if (received.length > maxKept) received.splice(0, received.length - maxKept);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    page: `${origin}/page`,
    chat: `${origin}/chat`,
    heartbeat: `${origin}/heartbeat`,
    receivedAlerts: () => received,
    alive: alive.promise,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Null: the body is not JSON, or the client disconnected. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return null;
  }
}
