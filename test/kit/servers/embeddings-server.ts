/** A mock embeddings server: real HTTP, with the replies that a test sets. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Reply = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown };
type Received = {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>> & { readonly input?: readonly string[] };
};

export type EmbeddingsTestServer = AsyncDisposable & {
  /** The value for EMBEDDINGS_BASE_URL. */
  readonly baseUrl: string;
  readonly requests: readonly Received[];
  /** Decides the reply to each request from now on. */
  readonly behave: (reply: (request: Received) => Reply) => void;
};

/** Words that mean the same have the same number, in English and Japanese. */
const meanings: readonly RegExp[] = [/refund|返金/i, /backup|バックアップ/i, /password|パスワード/i, /holiday|休暇/i];

/** A vector that depends on what a text is about; texts about nothing known share a direction. */
export function meaningOf(text: string): number[] {
  const vector = meanings.map((pattern) => (pattern.test(text) ? 1 : 0));
  return [...vector, vector.includes(1) ? 0 : 1];
}

/** OpenAI's response with the vectors of {@link meaningOf}. */
export function meaningReply({ body }: Received): Reply {
  return { body: { data: (body.input ?? []).map((text, index) => ({ index, embedding: meaningOf(text) })) } };
}

/** Listens on a free port of 127.0.0.1. */
export async function startEmbeddingsServer(): Promise<EmbeddingsTestServer> {
  const requests: Received[] = [];
  let reply: (request: Received) => Reply = meaningReply;
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const received = {
      path: incoming.url ?? '',
      authorization: incoming.headers.authorization,
      body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
    };
    requests.push(received);
    const { status = 200, headers = {}, body = {} } = reply(received);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    behave: (next) => {
      reply = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
