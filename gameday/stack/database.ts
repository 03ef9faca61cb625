/** The database of a game-day stack: PostgreSQL with the sample documents, which can be stopped and started again. */
import { fileURLToPath } from 'node:url';
import { ensureLogins, type ProgramUrls } from '../../services/embedded-postgres/logins.ts';
import { startEmbedded } from '../../services/embedded-postgres/server.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { ingestSamples } from '../../services/wiring/ingest-samples.ts';
import { gamedayRollup, type Rollup } from './rollup.ts';

export type GamedayDatabase = {
  /** The programs' logins. */
  readonly urls: ProgramUrls;
  readonly rollup: Rollup;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  readonly stop: () => Promise<void>;
  /** On the same port and the same data. */
  readonly start: () => Promise<void>;
};

const samples = fileURLToPath(new URL('../../samples', import.meta.url));

/** @param dataDir reused by the next start */
export async function gamedayDatabase(dataDir: string, log: (line: string) => void): Promise<GamedayDatabase> {
  const open = () => startEmbedded({ dataDir, log });
  let server = await open();
  try {
    await migrate(server.url, { print: log });
    await ingestSamples({ url: server.url, embedded: true }, samples, log);
    const rollup = gamedayRollup(server.url);
    await rollup.acceptRows(); // an earlier stack may have been killed during an incident
    return {
      urls: await ensureLogins(dataDir, server.superuserUrl),
      rollup,
      ownerUrl: server.url,
      superuserUrl: server.superuserUrl,
      stop: () => server.stop(),
      start: async () => {
        server = await open();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
