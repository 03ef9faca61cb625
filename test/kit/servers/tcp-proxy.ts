/** A TCP proxy that simulates network faults in front of a server. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

type TcpProxy = {
  readonly port: number;
  /** Resets every connection and refuses new ones. */
  cut(): void;
  /** Keeps every connection but forwards nothing, like a network that drops packets. Lasts until `close`. */
  freeze(): void;
  restore(): void;
  close(): Promise<void>;
};

export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let whole = true;
  let frozen = false;
  const server = createServer((client) => {
    if (!whole) {
      client.resetAndDestroy();
      return;
    }
    if (frozen) client.pause();
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    if (!frozen) client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    whole = false;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore() {
      whole = true;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
