/** Lists the pages of Notion in scope: rows of databases, pages with their subpages, or everything that is shared. */
import { createFailedRoots } from '../failed-roots.ts';
import type { ListedItem, Listing } from '../plugin.ts';
import { SourceError, SourceUnavailable } from '../source-error.ts';
import { type Notion, request } from './notion-api.ts';
import { rowsOf, sharedPages, sourcesOf } from './page-lists.ts';
import { isSettled, nextListing, rememberedPages } from './page-memory.ts';
import { type NotionPage, notionPage } from './page-metadata.ts';
import { type ChildRef, databasePrefix, readPageBlocks } from './read-page-blocks.ts';

export type Roots = { readonly databases: readonly string[]; readonly pages: readonly string[] };

/** `held` of an item. */
export type HeldPage = {
  /** Null: the page does not match the schema. */
  readonly page: NotionPage | null;
  /** `fetch` reports the subpages that it found in the blocks, so that the listing need not read them again. */
  readonly reportChildren: (children: readonly ChildRef[]) => void;
};

/** @param fullEveryMs interval of full listings; in between, only edits are listed */
export async function* listPages(
  notion: Notion,
  { databases, pages }: Roots,
  cursor: unknown,
  fullEveryMs: number,
): AsyncGenerator<ListedItem, Listing> {
  const before = rememberedPages(cursor);
  const everythingShared = databases.length + pages.length === 0;
  const known = new Map<string, readonly ChildRef[] | null>();
  const gone = new Set<string>();
  const visited = new Set<string>();
  let frontier: NotionPage[] = [];
  let since: string | null = null;
  let start: Date | null = null;
  let faults = 0;
  /** False if the subpages of a page are unknown. */
  let complete = true;

  async function* take(reply: unknown): AsyncGenerator<ListedItem> {
    const { data: page } = notionPage.safeParse(reply);
    if (page === undefined) {
      const id = idOf(reply);
      if (id === null) faults++;
      else
        yield {
          key: id,
          version: null,
          uri: addressOf(id),
          held: { page: null, reportChildren() {} } satisfies HeldPage,
        };
      return;
    }
    const { id, last_edited_time: edited } = page;
    visited.add(id);
    if (page.in_trash === true || page.archived === true) return yield* goneItem(id);
    if (known.has(id)) return;
    known.set(id, null);
    if (!everythingShared) frontier.push(page);
    const settled = isSettled(edited, notion.clock());
    const held: HeldPage = { page, reportChildren: (children) => void known.set(id, children) };
    yield {
      key: id,
      version: settled ? edited : null,
      uri: addressOf(id),
      publishedAt: new Date(page.created_time),
      held,
    };
  }

  async function* goneItem(id: string): AsyncGenerator<ListedItem> {
    gone.add(id);
    yield { key: id, version: null, uri: addressOf(id), deleted: true };
  }

  /** @returns whether it exists */
  async function* takeDatabase(id: string): AsyncGenerator<ListedItem, boolean> {
    const sources = await sourcesOf(notion, id);
    if (sources === 'gone') return false;
    for (const source of sources) {
      const rows = rowsOf(notion, source, since);
      for (;;) {
        const next = await rows.next();
        if (next.done === true && next.value === 'gone') return false;
        if (next.done === true) break;
        start ??= notion.clock();
        yield* take(next.value);
      }
    }
    return true;
  }

  /** @returns whether it exists */
  async function* takePage(id: string): AsyncGenerator<ListedItem, boolean> {
    const reply = await request(() => notion.client.pages.retrieve({ page_id: id }));
    start ??= notion.clock();
    if (reply !== 'gone') yield* take(reply);
    else if (before?.known[id] !== undefined) yield* goneItem(id);
    return reply !== 'gone';
  }

  async function* takeChild(child: ChildRef): AsyncGenerator<ListedItem> {
    if (visited.has(child)) return;
    visited.add(child);
    if (child.startsWith(databasePrefix)) yield* takeDatabase(child.slice(databasePrefix.length));
    else yield* takePage(child);
  }

  async function childrenOf({ id, last_edited_time: edited }: NotionPage): Promise<readonly ChildRef[]> {
    const reply = known.get(id);
    if (reply) return reply;
    const earlier = before?.known[id];
    const read = earlier && before?.hasSeen(edited) ? earlier : await readChildren(notion, id);
    if (read === null && earlier === undefined) complete = false;
    const children = read ?? earlier ?? [];
    known.set(id, children);
    return children;
  }

  const full = before === null || before.isDue(notion.clock(), fullEveryMs);
  since = full ? null : before.since;
  const roots = createFailedRoots();
  for (const id of databases) yield* roots.list(id, addressOf(id), orNotFound('database', id, takeDatabase(id)));
  for (const id of pages) yield* roots.list(id, addressOf(id), orNotFound('page', id, takePage(id)));
  if (everythingShared) {
    for await (const reply of sharedPages(notion, since)) {
      start ??= notion.clock();
      yield* take(reply);
    }
    if (full) for (const id of before?.missing(known, gone) ?? []) yield* takePage(id);
  }
  if (!full) for (const child of before.children()) yield* takeChild(child);
  while (frontier.length > 0) {
    const level = frontier;
    frontier = [];
    for (const page of level) for (const child of await childrenOf(page)) yield* takeChild(child);
  }
  if (faults > 0) throw new SourceError('lists pages in a form that cannot be read');
  // A search may miss pages, so each missing page is checked by itself.
  const covers = !full ? 'none' : everythingShared || !complete ? () => false : 'all';
  const next = nextListing(before, { full, start: start ?? notion.clock(), known, gone });
  return yield* roots.end({ cursor: next, covers });
}

/** Null: its blocks cannot be read; `fetch` reports the same error for the page. */
async function readChildren({ client }: Notion, id: string): Promise<readonly ChildRef[] | null> {
  try {
    const read = await readPageBlocks(client, id);
    return read === 'gone' ? [] : read.children;
  } catch (error) {
    if (error instanceof SourceUnavailable || !(error instanceof SourceError)) throw error;
    return null;
  }
}

async function* orNotFound(
  what: string,
  id: string,
  items: AsyncGenerator<ListedItem, boolean>,
): AsyncGenerator<ListedItem, void> {
  if (!(yield* items)) throw new SourceError(`the ${what} ${id} does not exist or is not shared with the connection`);
}

function idOf(reply: unknown): string | null {
  const id = typeof reply === 'object' && reply !== null && 'id' in reply ? reply.id : null;
  return typeof id === 'string' && /^[0-9a-f-]{32,36}$/i.test(id) ? id.toLowerCase() : null;
}

/** Without the title, because it may change. */
function addressOf(id: string): string {
  return `https://www.notion.so/${id.replaceAll('-', '')}`;
}
