/** Measures syncs of 10,000 articles: the first one, one without changes, one with a change and one with a deletion. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { article, startNoteServer } from '../test/kit/servers/note-server.ts';
import { sourceRow, sync } from '../test/kit/sources/source.ts';

const articles = 10_000;

const dataDir = mkdtempSync(join(tmpdir(), 'bench-sync-'));
const server = await startEmbedded({ dataDir, settings: { synchronous_commit: 'on' }, log: () => {} });
const pool = connect(server.url, { name: 'bench-sync', max: 5 });
const note = await startNoteServer();
try {
  await migrate(server.url);
  note.articles = Array.from({ length: articles }, (_, at) => article(at));
  note.feedItems = articles;
  const config = { creators: ['hana'], feedItems: articles };
  const row = await sourceRow({ pool }, 'note', { config, endpoint: note.url, allowedHosts: [note.host] });
  console.log(`${articles} articles, ${(await (await fetch(`${note.url}/hana/rss`)).text()).length} characters of RSS`);
  await measured('first sync', { created: articles });
  await measured('nothing changed', { listed: 0 });
  note.articles = note.articles.map((each) => (each.id === 'n7777' ? { ...each, title: '改題' } : each));
  await measured('one changed', { replaced: 1, unchanged: articles - 1, removed: 0 });
  note.articles = note.articles.filter(({ id }) => id !== 'n7777');
  await measured('one deleted', { replaced: 0, unchanged: articles - 1, removed: 1 });

  async function measured(name: string, expected: Readonly<Record<string, number>>): Promise<void> {
    const start = performance.now();
    const { counts, error } = await sync(
      { pool, readKey: () => undefined, commercialUse: false, now: () => new Date() },
      row,
    );
    const seconds = (performance.now() - start) / 1_000;
    for (const [what, count] of Object.entries(expected)) {
      if (counts?.[what as keyof typeof counts] !== count)
        throw new Error(`${name}: ${error ?? JSON.stringify(counts)}`);
    }
    const memory = Math.round(process.memoryUsage().rss / 1024 / 1024);
    console.log(`${name}: ${seconds.toFixed(1)} s, ${memory} MB of memory`);
  }
} finally {
  await note.close();
  await pool.end();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
