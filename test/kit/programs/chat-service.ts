/** Runs the whole chat service on a test's database over real HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeToken } from '../../../services/commands/users/token.ts';
import { loadConfig } from '../../../services/config.ts';
import { createLog } from '../../../services/logging/log.ts';
import { connect } from '../../../services/postgres/client/connect.ts';
import { createStoreContent } from '../../../services/postgres/content/store-content.ts';
import { ingest } from '../../../services/sources/ingest/ingest.ts';
import { createChatService } from '../../../services/wiring/chat-service.ts';
import { onCleanup } from '../cleanup.ts';

type RunningChat = {
  readonly origin: string;
  /** All log lines of the service. */
  readonly logged: readonly string[];
  readonly token: (user?: string, role?: string) => Promise<string>;
  /** Sends a question; a text body is sent unchanged. */
  readonly ask: (body: unknown, options?: { token?: string; headers?: Record<string, string> }) => Promise<Response>;
  readonly close: () => Promise<void>;
};

/** Call it at the top of a test file or in a test. Closed at its end. */
export async function runChat(databaseUrl: string, env: Record<string, string> = {}): Promise<RunningChat> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rag-chat-'));
  const config = loadConfig({ DATA_DIR: dataDir, RATE_LIMIT_PER_MINUTE: '100000', ...env });
  const logged: string[] = [];
  const log = createLog('test', 'debug', { write: (line) => void logged.push(line) });
  const service = createChatService({ config, databaseUrl, embedded: true, log });
  const port = await service.server.listen(0, '127.0.0.1');
  const origin = `http://127.0.0.1:${port}`;
  const token = (user?: string, role?: string) => makeToken({ user, role }, config, new Date());
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= service.close(5_000).then(() => rmSync(dataDir, { recursive: true, force: true }));
    return closed;
  };
  onCleanup(close);
  return {
    origin,
    logged,
    token,
    ask: async (body, options = {}) =>
      fetch(`${origin}/api/ai/chat`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${options.token ?? (await token())}`,
          ...options.headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    close,
  };
}

/** Ingests the sample documents with the real readers and store. */
export async function ingestSampleDocuments(databaseUrl: string): Promise<void> {
  const pool = connect(databaseUrl, { name: 'test-ingest' });
  try {
    const report = await ingest(
      ['samples'],
      { metadata: {}, sourceBase: null },
      { store: createStoreContent(pool), clock: () => performance.now() },
    );
    if (report.failed.length > 0)
      throw new Error(report.failed.map(({ path, reason }) => `${path} ${reason}`).join('\n'));
  } finally {
    await pool.end();
  }
}
