/** An HTTP server on 127.0.0.1 whose responses a test defines. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export type WebServer = {
  /** Without a trailing slash. */
  readonly url: string;
  /** `host:port`, for a source's allowed hosts. */
  readonly host: string;
  /** Requested paths in order. */
  readonly asked: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  readonly close: () => Promise<void>;
};

/** Listens on a free port. The caller closes it. */
export async function startWebServer(answer: RequestListener): Promise<WebServer> {
  const asked: WebServer['asked'] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
