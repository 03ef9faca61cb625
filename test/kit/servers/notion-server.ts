/** A mock of Notion: the API of version 2025-09-03, with pages, cursors, errors and limits as documented. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { startWebServer, type WebServer } from './web-server.ts';

export type NotionBlock = {
  readonly type: string;
  readonly content: Record<string, unknown>;
  readonly children?: readonly NotionBlock[];
  readonly id?: string;
};

export type NotionPage = {
  readonly id: string;
  title: string;
  /** The id of its data source or parent page; null: the workspace. */
  readonly parent: { data_source_id: string } | { page_id: string } | null;
  edited: string;
  readonly created: string;
  trashed?: boolean;
  properties: Record<string, unknown>;
  blocks: readonly NotionBlock[];
};

/** Handles a request instead of the server, or returns 'answer' to let the server reply. */
export type NotionFault = (request: IncomingMessage, response: ServerResponse, body: string) => 'answered' | 'answer';

export type NotionServer = WebServer & {
  readonly pages: Map<string, NotionPage>;
  /** Data sources of databases, by the database's id. */
  readonly databases: Map<string, readonly string[]>;
  token: string;
  injectFault: NotionFault;
  /** Maximum rows of a query. */
  cap: number;
  /** The server's clock. */
  now: () => Date;
  readonly bodies: unknown[];
};

// https://developers.notion.com/reference/status-codes
const errors = {
  unauthorized: [401, 'API token is invalid.'],
  object_not_found: [404, 'Could not find what was asked for. Make sure it is shared with your integration.'],
  missing_version: [400, 'Notion-Version header should be defined.'],
  validation_error: [400, 'The request is not valid.'],
} as const;

export async function startNotionServer(): Promise<NotionServer> {
  const state: Omit<NotionServer, keyof WebServer> = {
    pages: new Map(),
    databases: new Map(),
    token: 'ntn_secret',
    injectFault: () => 'answer',
    cap: 10_000,
    now: () => new Date(),
    bodies: [],
  };
  const blockChildren = new Map<string, readonly NotionBlock[]>();

  const server = await startWebServer(async (request, response) => {
    const asked = await text(request);
    const [status, answer] = answerTo(request, asked === '' ? {} : JSON.parse(asked));
    const body = JSON.stringify(answer);
    if (state.injectFault(request, response, body) === 'answered') return;
    response.writeHead(status, { 'content-type': 'application/json', date: state.now().toUTCString() }).end(body);
  });

  function answerTo({ method, url = '', headers }: IncomingMessage, asked: Record<string, unknown>): [number, unknown] {
    const { pathname, searchParams } = new URL(url, 'http://notion.example');
    const [, , kind, id = '', below] = pathname.split('/');
    if (headers.authorization !== `Bearer ${state.token}`) return fault('unauthorized');
    if (headers['notion-version'] !== '2025-09-03') return fault('missing_version');
    if (method === 'POST') state.bodies.push(asked);
    if (method === 'GET' && kind === 'pages') {
      const page = state.pages.get(id);
      return page ? [200, pageJson(page)] : fault('object_not_found');
    }
    if (method === 'GET' && kind === 'databases') {
      const sources = state.databases.get(id);
      if (!sources) return fault('object_not_found');
      const data_sources = sources.map((each) => ({ id: each, name: 'Rows' }));
      return [200, { object: 'database', id, title: [], in_trash: false, data_sources }];
    }
    if (method === 'GET' && kind === 'blocks' && below === 'children') {
      const page = state.pages.get(id);
      const blocks = page && page.trashed !== true ? page.blocks : blockChildren.get(id);
      if (!blocks) return fault('object_not_found');
      return listOf(blocks, searchParams.get('start_cursor'), 'block', blockJson);
    }
    if (method === 'POST' && kind === 'data_sources' && below === 'query') {
      if (![...state.databases.values()].flat().includes(id)) return fault('object_not_found');
      const rows = [...state.pages.values()]
        .filter(
          ({ parent, trashed }) => parent && 'data_source_id' in parent && parent.data_source_id === id && !trashed,
        )
        .filter((page) => matches(page, asked.filter as Filter | undefined))
        .sort((a, b) => compare(a.created, b.created));
      return listOf(rows, (asked.start_cursor as string) ?? null, 'page_or_data_source', pageJson, state.cap);
    }
    if (method === 'POST' && kind === 'search') {
      const all = [...state.pages.values()].filter(({ trashed }) => !trashed);
      all.sort((a, b) => compare(b.edited, a.edited));
      return listOf(all, (asked.start_cursor as string) ?? null, 'page_or_data_source', pageJson, state.cap);
    }
    return fault('validation_error');
  }

  function blockJson({ type, content, children = [], id = randomUUID() }: NotionBlock) {
    if (children.length > 0) blockChildren.set(id, children);
    return { object: 'block', id, type, has_children: children.length > 0, in_trash: false, [type]: content };
  }

  return Object.assign(state, server);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** https://developers.notion.com/reference/intro#pagination */
function listOf<T>(
  all: readonly T[],
  cursor: string | null,
  type: string,
  json: (one: T) => unknown,
  cap = Number.POSITIVE_INFINITY,
): [number, unknown] {
  const from = cursor === null ? 0 : Number(cursor.replace('cursor-', ''));
  const shown = all.slice(0, cap);
  const results = shown.slice(from, from + 100).map(json);
  const more = from + 100 < shown.length;
  // https://developers.notion.com/guides/data-apis/query-large-data-sources
  const capped = !more &&
    all.length > cap && { request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' } };
  return [
    200,
    {
      object: 'list',
      results,
      next_cursor: more ? `cursor-${from + 100}` : null,
      has_more: more,
      type,
      [type]: {},
      ...capped,
    },
  ];
}

type TimeFilter = { timestamp: 'created_time' | 'last_edited_time' } & Record<string, { on_or_after: string }>;
type Filter = { and: readonly TimeFilter[] } | TimeFilter;

function matches(page: NotionPage, filter: Filter | undefined): boolean {
  const filters = filter === undefined ? [] : 'and' in filter ? (filter.and as readonly TimeFilter[]) : [filter];
  return filters.every((each) => {
    const value = each.timestamp === 'created_time' ? page.created : page.edited;
    return value >= (each[each.timestamp]?.on_or_after ?? '');
  });
}

function fault(code: keyof typeof errors): [number, unknown] {
  const [status, message] = errors[code];
  return [status, { object: 'error', status, code, message, request_id: randomUUID() }];
}

/** https://developers.notion.com/reference/page */
function pageJson({ id, title, parent, edited, created, trashed = false, properties }: NotionPage) {
  const user = { object: 'user', id: 'ee5f0f84-409a-440f-983a-a5315961c6e4' };
  return {
    object: 'page',
    id,
    created_time: created,
    last_edited_time: edited,
    created_by: user,
    last_edited_by: user,
    cover: null,
    icon: null,
    parent: parent ? { type: Object.keys(parent)[0], ...parent } : { type: 'workspace', workspace: true },
    archived: trashed,
    in_trash: trashed,
    properties: { Name: { id: 'title', type: 'title', title: rich(title) }, ...properties },
    url: `https://www.notion.so/${encodeURIComponent(title)}-${id.replaceAll('-', '')}`,
    public_url: null,
  };
}

/** https://developers.notion.com/reference/rich-text */
export function rich(content: string) {
  if (content === '') return [];
  const annotations = {
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    code: false,
    color: 'default',
  };
  return [{ type: 'text', text: { content, link: null }, annotations, plain_text: content, href: null }];
}

export function block(type: string, content: string, children: readonly NotionBlock[] = []): NotionBlock {
  return { type, content: { rich_text: rich(content), color: 'default' }, children };
}

/** The id of a page, database or data source, by its number. */
export function notionId(at: number, kind = '5331da24'): string {
  return `${kind}-6597-4f2d-a684-${String(at).padStart(12, '0')}`;
}

/** @param at its number; each is created and edited a minute later than the previous one */
export function notionPage(at: number, values: Partial<NotionPage> = {}): NotionPage {
  const time = new Date(Date.UTC(2026, 2, 7) + at * 60_000).toISOString();
  return {
    id: notionId(at),
    title: `第${at}章`,
    parent: null,
    edited: time,
    created: time,
    properties: {},
    blocks: [block('paragraph', `これは${at}番目の頁です。潮は月に引かれて満ちたり引いたりします。`)],
    ...values,
  };
}
