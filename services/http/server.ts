/** Serves the app over HTTP with timeouts and a graceful shutdown. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Problem, type ProblemName } from './api/problem.ts';
import type { Drain } from './routes/health.ts';

export type TimeLimits = {
  readonly headersMs: number;
  /** For reading the whole request including its body. Responses may take longer. */
  readonly requestMs: number;
  /** Longer than that of load balancers (commonly 60 s); otherwise they send requests into closing connections. */
  readonly keepAliveMs: number;
  readonly checkEveryMs: number;
};

const defaultLimits: TimeLimits = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 65_000, checkEveryMs: 1_000 };

export type HttpServer = {
  /** @returns the port; differs from the requested one only if that is 0 */
  readonly listen: (port: number, host: string) => Promise<number>;
  /** From now on /readyz returns 503, so that load balancers use other instances. */
  readonly drain: () => void;
  /** Drains, stops accepting connections and resolves when all requests are answered; closes the rest after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>;
};

/** @param drain the same object that the app reads */
export function createHttpServer(app: RequestListener, drain: Drain, limits: TimeLimits = defaultLimits): HttpServer {
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
    // Otherwise a connection that becomes idle during shutdown would stay open until its keep-alive timeout.
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

/** Requests that Node cannot parse as HTTP never reach the app. They are answered here unless a response has begun. */
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
    const detail = name === 'bad-request' ? 'The request is not valid HTTP/1.1 (RFC 9112).' : undefined;
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
