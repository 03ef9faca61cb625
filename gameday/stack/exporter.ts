/** Runs postgres_exporter in a game-day stack, with the queries of the Compose stack. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExternalProcess, externalProcess } from './external-process.ts';

export type GamedayExporter = ExternalProcess & {
  /** Host and port of its metrics. */
  readonly metrics: string;
};

type Options = {
  readonly binary: string;
  readonly superuserUrl: string;
  readonly folder: string;
  readonly freePort: () => Promise<number>;
};

const queries = fileURLToPath(new URL('../../stack/postgres/queries.yaml', import.meta.url));

export async function gamedayExporter({ binary, superuserUrl, folder, freePort }: Options): Promise<GamedayExporter> {
  const metrics = `127.0.0.1:${await freePort()}`;
  const source = new URL(superuserUrl);
  source.searchParams.set('sslmode', 'disable');
  const tool = externalProcess({
    name: 'postgres_exporter',
    file: binary,
    args: [`--web.listen-address=${metrics}`],
    env: { PATH: process.env.PATH ?? '', DATA_SOURCE_NAME: source.href, PG_EXPORTER_EXTEND_QUERY_PATH: queries },
    log: join(folder, 'postgres-exporter.log'),
    ready: `http://${metrics}/`,
  });
  return { ...tool, metrics };
}
