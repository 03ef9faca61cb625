/** Serves the app over HTTP with time limits, and ends without cutting off those who are being answered. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Problem, type ProblemName } from './api/problem.ts';
import type { Drain } from './routes/health.ts';

export type TimeLimits = {
  readonly headersMs: number;
  /** For the whole request with its body; answers may take longer. */
  readonly requestMs: number;
  /** Longer than the balancers' own (commonly 60 s), or they would send into a connection that is just being closed. */
  readonly keepAliveMs: number;
  readonly checkEveryMs: number;
};

const usual: TimeLimits = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 65_000, checkEveryMs: 1_000 };

export type HttpServer = {
  /** @returns the port, which is another than the one given only where that is 0 */
  readonly listen: (port: number, host: string) => Promise<number>;
  /** From now on /readyz says 503, so that balancers look elsewhere. */
  readonly drain: () => void;
  /** Drains, stops to accept, and resolves when all are answered; after `graceMs` the rest is cut off. */
  readonly close: (graceMs: number) => Promise<void>;
};

/** @param drain the object that the app was given */
export function createHttpServer(app: RequestListener, drain: Drain, limits: TimeLimits = usual): HttpServer {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkEveryMs,
    },
    app,
  );
  answerUnreadableRequests(server);
  server.on('request', (_req, res) => {
    // A connection that falls idle while we end would otherwise be waited for until its keep-alive runs out.
    res.once('close', () => {
      if (drain.begun) setImmediate(() => server.closeIdleConnections());
    });
  });
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    drain: () => {
      drain.begun = true;
    },
    close: async (graceMs) => {
      drain.begun = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

const parserProblems: Readonly<Record<string, ProblemName>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** What Node cannot read as HTTP never reaches the app; it is answered here, unless an answer has begun already. */
function answerUnreadableRequests(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req, res) => answering.set(req.socket, res));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = answering.get(socket);
    const begun = response?.headersSent === true && !response.writableFinished;
    if (!socket.writable || begun || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const name = parserProblems[error.code ?? ''] ?? 'bad-request';
    const detail = name === 'bad-request' ? 'This is not HTTP/1.1 as RFC 9112 has it.' : undefined;
    const problem = new Problem(name, detail === undefined ? {} : { detail });
    const body = JSON.stringify(problem.document());
    const head = [
      `HTTP/1.1 ${problem.status} ${problem.document().title}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  });
}
