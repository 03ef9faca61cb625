/** A scrape target whose counters grow with time. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type CountingTarget = { readonly address: string; readonly stop: () => Promise<void> };

/** @param perSecond the growth of each series, by its name and labels */
export async function startCountingTarget(perSecond: Readonly<Record<string, number>>): Promise<CountingTarget> {
  const start = Date.now();
  const server = createServer((_, response) => {
    const seconds = (Date.now() - start) / 1_000;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      Object.entries(perSecond)
        .map(([series, growth]) => `${series} ${Math.floor(growth * seconds)}\n`)
        .join(''),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
