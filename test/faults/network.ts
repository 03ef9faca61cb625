/** A proxy between the chat server and PostgreSQL that simulates network faults. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Network = {
  readonly port: number;
  /** Resets every connection and, until `restore`, every new one. */
  readonly cut: () => void;
  /** Until `restore` no byte passes in either direction; connections stay open, and new ones are accepted and wait. */
  readonly stall: () => void;
  readonly restore: () => void;
  /**
   * The next request with the text reaches PostgreSQL, its reply is dropped and the connection is reset: the commit succeeds
   * without a confirmation.
   * @returns false when there was no such request within `withinMs`
   */
  readonly loseReplyTo: (text: string, withinMs: number) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

type Line = { readonly client: Socket; readonly upstream: Socket };

export async function openNetwork(target: { host: string; port: number }): Promise<Network> {
  const lines = new Set<Line>();
  let state: 'whole' | 'cut' | 'stalled' = 'whole';
  let losing: { readonly text: string; readonly lost: (happened: boolean) => void } | null = null;

  const reset = ({ client, upstream }: Line) => {
    client.resetAndDestroy();
    upstream.destroy();
  };
  const flow = ({ client, upstream }: Line) => {
    client.pipe(upstream);
    upstream.pipe(client);
  };
  const server = createServer((client) => {
    client.on('error', () => {});
    if (state === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target);
    const line = { client, upstream };
    lines.add(line);
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        lines.delete(line);
        client.destroy();
        upstream.destroy();
      });
    }
    // Registered before the pipe, so that it sees a request before PostgreSQL does.
    client.on('data', (chunk: Buffer) => {
      if (losing === null || !chunk.includes(losing.text)) return;
      const { lost } = losing;
      losing = null;
      upstream.unpipe(client);
      upstream.once('data', () => {
        reset(line);
        lost(true);
      });
      upstream.resume();
    });
    client.pause();
    if (state === 'whole') flow(line);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = () => {
    state = 'cut';
    for (const line of lines) reset(line);
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    stall() {
      state = 'stalled';
      for (const { client, upstream } of lines) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
    },
    restore() {
      if (state === 'stalled') for (const line of lines) flow(line);
      state = 'whole';
    },
    loseReplyTo: (text, withinMs) =>
      new Promise((resolve) => {
        const giveUp = setTimeout(() => {
          losing = null;
          resolve(false);
        }, withinMs);
        losing = {
          text,
          lost: (happened) => {
            clearTimeout(giveUp);
            resolve(happened);
          },
        };
      }),
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
