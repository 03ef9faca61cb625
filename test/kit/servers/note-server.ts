/** A mock of note.com: RSS feeds of creators and magazines, with the validators of its CDN. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startWebServer, type WebServer } from './web-server.ts';

export type Article = {
  readonly creator: string;
  /** Its part of the URL: https://note.com/CREATOR/n/ID. */
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly publishedAt: Date;
};

/** Handles a request instead of the server, or returns 'answer' to let the server reply. */
export type Fault = (request: IncomingMessage, response: ServerResponse, body: Buffer | null) => 'answered' | 'answer';

export type NoteServer = WebServer & {
  /** Newest first, like in feeds. */
  articles: Article[];
  /** Magazines by name: ids of their articles. */
  readonly magazines: Map<string, readonly string[]>;
  injectFault: Fault;
  robots: string | null;
  /** Articles in a feed. */
  feedItems: number;
};

export async function startNoteServer(): Promise<NoteServer> {
  const state: Pick<NoteServer, 'articles' | 'magazines' | 'injectFault' | 'robots' | 'feedItems'> = {
    articles: [],
    magazines: new Map(),
    injectFault: () => 'answer',
    robots: null,
    feedItems: 25,
  };
  const server = await startWebServer((request, response) => {
    const body = bodyOf(request.url ?? '', `http://${request.headers.host}`);
    if (state.injectFault(request, response, body) === 'answered') return;
    if (body === null) return void response.writeHead(404).end('not found');
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
    response.writeHead(200, { 'content-type': 'application/xml; charset=utf-8', etag }).end(body);
  });

  function bodyOf(path: string, home: string): Buffer | null {
    if (path === '/robots.txt') return state.robots === null ? null : Buffer.from(state.robots);
    const [, creator, kind, name] = path.split('/');
    if (kind === 'rss') return feedOf(state.articles.filter((article) => article.creator === creator));
    const listed = kind === 'm' ? state.magazines.get(name ?? '') : undefined;
    if (listed) return feedOf(state.articles.filter((article) => listed.includes(article.id)));
    const article = state.articles.find((each) => kind === 'n' && each.id === name);
    return article ? Buffer.from(`<article>${article.html}</article>`) : null;

    function feedOf(articles: readonly Article[]): Buffer {
      return Buffer.from(noteFeed(articles.slice(0, state.feedItems), home));
    }
  }
  return Object.assign(state, server);
}

function noteFeed(articles: readonly Article[], home: string): string {
  const items = articles.map(
    ({ creator, id, title, html, publishedAt }) => `
      <item>
        <title>${title}</title>
        <media:thumbnail>https://assets.example.org/${id}.png</media:thumbnail>
        <description><![CDATA[${html}<br/><a href='${home}/${creator}/n/${id}'>続きをみる</a>]]></description>
        <note:creatorImage>https://assets.example.org/${creator}.png</note:creatorImage>
        <note:creatorName>${creator}さん</note:creatorName>
        <pubDate>${publishedAt.toUTCString().replace('GMT', '+0000')}</pubDate>
        <link>${home}/${creator}/n/${id}</link>
        <guid>${home}/${creator}/n/${id}</guid>
      </item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:webfeeds="http://webfeeds.org/rss/1.0" xmlns:note="https://note.com" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" version="2.0">
  <channel>
    <title>note</title>
    <description></description>
    <link>${home}</link>
    <language>ja</language>${items.join('')}
  </channel>
</rss>`;
}

/** @param at its number; each is a day older than the previous one */
export function article(at: number, values: Partial<Article> = {}): Article {
  return {
    creator: 'hana',
    id: `n${at}`,
    title: `第${at}話`,
    html: `<p>これは${at}番目の記事です。海の話をします。</p><h2>潮</h2><p>潮は月に引かれて満ちたり引いたりします。</p>`,
    publishedAt: new Date(Date.UTC(2026, 2, 7) - at * 86_400_000),
    ...values,
  };
}
