/** A YouTube source for tests: its mock server, its row and its stored documents; reset before each test. */
import { afterAll, beforeEach } from 'vitest';
import type { SourceDeps } from '../../../services/jobs/sync-source.ts';
import { testDatabase } from '../database/test-database.ts';
import { channel, startYouTubeServer, video } from '../servers/youtube-server.ts';
import { sourceDeps, sourceRow } from './source.ts';

export async function youtubeSource() {
  const db = await testDatabase();
  const youtube = await startYouTubeServer();
  afterAll(youtube.close);
  const credentials = {
    type: 'authorized_user',
    client_id: 'client-7',
    client_secret: 'secret-7',
    refresh_token: 'refresh-1',
  };
  const deps: SourceDeps = {
    ...sourceDeps(db),
    now: () => new Date('2026-03-08T20:00:00Z'),
    readKey: (variable) => (variable === 'YOUTUBE_CREDENTIALS' ? JSON.stringify(credentials) : undefined),
  };

  const everything = {
    enabled: true,
    config: { channels: [channel], captionsAgainDays: null },
    endpoint: `${youtube.url}/youtube/v3`,
    apiKeyVariable: 'YOUTUBE_CREDENTIALS',
    allowedHosts: [youtube.host],
    metadata: { permission: true },
  };
  const youtubeRow = (change = {}) => sourceRow(db, 'youtube', { ...everything, ...change });
  const withConfig = (config: object) => youtubeRow({ config: { ...everything.config, ...config } });

  beforeEach(async () => {
    await db.query('truncate source_item, source_sync, passage, passage_embedding, passage_term, provenance');
    await db.query('update passage_corpus set passages = 0, term_count = 0');
    Object.assign(youtube, {
      injectFault: () => 'answer',
      quota: Number.POSITIVE_INFINITY,
      refreshToken: 'refresh-1',
      videos: [1, 2, 3].map((at) => video(at)),
    });
    youtube.tokens.clear();
    youtube.counts.clear();
    youtube.asked.length = 0;
  });

  const stored = () =>
    db.query(
      `select title, source_uri, license_type, rights_holder, source, language, published_at, text, start_seconds
       from provenance join passage using (content_id, content_type)
       where superseded_at is null and removed_at is null order by title, position`,
    );
  const titles = async () => (await stored()).map(({ title }) => title);
  return { db, youtube, deps, youtubeRow, withConfig, stored, titles };
}
