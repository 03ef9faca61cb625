/** Receives what Alertmanager tells, as a pager and a chat would. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Told } from '../control/control-protocol.ts';

export type Webhooks = {
  readonly page: string;
  readonly chat: string;
  readonly heartbeat: string;
  /** Oldest first; the last thousands. */
  readonly told: () => readonly Told[];
  /** Resolves with the first heartbeat. */
  readonly alive: Promise<void>;
  readonly close: () => void;
};

const texts = z.record(z.string(), z.string());
const notification = z.object({
  alerts: z.array(z.object({ status: z.enum(['firing', 'resolved']), labels: texts, annotations: texts })),
});

const kept = 4_000;

/** @param now milliseconds since 1970 */
export async function receiveWebhooks(now: () => number): Promise<Webhooks> {
  const told: Told[] = [];
  const alive = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const at = now();
    const body = await readBody(request);
    response.end();
    const route = (request.url ?? '').slice(1);
    if (route === 'heartbeat') return alive.resolve();
    const { success, data } = notification.safeParse(body);
    if (success) told.push(...data.alerts.map((alert) => ({ at, route, ...alert })));
    if (told.length > kept) told.splice(0, told.length - kept);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    page: `${origin}/page`,
    chat: `${origin}/chat`,
    heartbeat: `${origin}/heartbeat`,
    told: () => told,
    alive: alive.promise,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Null: it is no JSON, or whoever sent it hung up. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return null;
  }
}
