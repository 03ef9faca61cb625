/** Runs the embedded PostgreSQL of the benchmark: with fast settings for loading, then with production settings. */
import { type Embedded, startEmbedded } from '../../services/embedded-postgres/server.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { loadedScale, loadYear } from './load-year.ts';
import { planYear } from './plan.ts';
import { withClient } from './with-client.ts';

export const productionSettings: Readonly<Record<string, string>> = {
  shared_buffers: '1GB',
  effective_cache_size: '3GB',
  work_mem: '16MB',
  max_wal_size: '4GB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  checkpoint_timeout: '15min',
};
const loadingSettings = {
  ...productionSettings,
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_wal_size: '16GB',
};

/** @throws {Error} when the directory contains a year of another scale or an interrupted load */
export async function startLoaded(dataDir: string, scale: number, log: (line: string) => void): Promise<Embedded> {
  const loading = await startEmbedded({ dataDir, settings: loadingSettings, log: () => {} });
  try {
    await migrate(loading.url);
    const found = await withClient(loading.superuserUrl, loadedScale);
    if (found !== null && found !== scale)
      throw new Error(`${dataDir} contains a year at scale ${found}: use another directory`);
    if (found === null) {
      const [rows] = await withClient(
        loading.superuserUrl,
        async (db) => (await db.query('select from ai_dialogue_log limit 1')).rows,
      );
      if (rows !== undefined)
        throw new Error(`${dataDir} contains a partial year, because loading was interrupted. Remove the directory.`);
      await loadYear(loading.superuserUrl, planYear(scale), log);
    }
  } finally {
    await loading.stop();
  }
  return startEmbedded({ dataDir, settings: productionSettings, log: () => {} });
}
