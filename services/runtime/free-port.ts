/** Finds a free TCP port on 127.0.0.1. */
import { createServer } from 'node:net';

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** @returns the first free port at or above `first` */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + 1000 && port <= 65535; port += 1) if (await isFree(port)) return port;
  throw new Error(`No port from ${first} to ${first + 999} is free on 127.0.0.1. Set POSTGRES_PORT to a free port.`);
}
