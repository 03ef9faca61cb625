/** PROGRAM: the PostgreSQL server of a test run, in its own process, which cleans up even when the run is killed. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../../services/embedded-postgres/server.ts';
import { migrate } from '../../../services/postgres/migrations/migrate.ts';

process.on('SIGINT', () => {}).on('SIGTERM', () => {}); // stops only at the end of standard input
const alone = new Promise<void>((resolve) => process.stdin.on('close', resolve).resume());

const directory = mkdtempSync(join(tmpdir(), 'rag-observatory-test-'));
chmodSync(directory, 0o711);
try {
  const server = await startEmbedded({
    dataDir: join(directory, 'data'),
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' },
    log: () => {},
  });
  try {
    await migrate(server.url);
    process.stdout.write(`${JSON.stringify({ ownerUrl: server.url, superuserUrl: server.superuserUrl })}\n`);
    await alone;
  } finally {
    await server.stop();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
