/** The conformance suite: runs the checks that every plugin must pass against the source in its row. Stores nothing. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { capabilities, type SourceRow } from '../provenance/source.ts';
import { reasonOf } from './ingest/ingest-items.ts';
import { readItem } from './ingest/read-item.ts';
import { type OpenSource, type OpenSourceDeps, openSource } from './open-source.ts';
import { capabilitiesOf, type ListedItem, type Listing } from './plugin.ts';
import { withTimeout } from './plugin-timeout.ts';
import { SourceError } from './source-error.ts';
import { changedItems } from './sync/list-changed.ts';

export type Finding = {
  readonly name: string;
  /** Null: the check passed. */
  readonly problem: string | null;
};

/** How many items are listed, and how many of those are fetched. */
const maxListed = 200;
const maxFetched = 5;
/** Limit for one call of the plugin. Milliseconds. */
const timeoutMs = 120_000;
/** Limit for a plugin to stop after its signal is aborted. Milliseconds. */
const endTimeoutMs = 5_000;

type Sample = { readonly items: readonly ListedItem[]; readonly end: Listing | null };

/** Yields each finding when its check ends. Stops if the source cannot be opened. */
export async function* checkPlugin(row: SourceRow, deps: OpenSourceDeps): AsyncGenerator<Finding> {
  const opened = await attempt('opens with its row', () => openSource(row, deps));
  yield opened.finding;
  const source = opened.value;
  if (source === undefined) return;
  try {
    yield* checkOpen(source, row, deps);
  } finally {
    await source.close();
  }
}

async function* checkOpen(source: OpenSource, row: SourceRow, deps: OpenSourceDeps): AsyncGenerator<Finding> {
  const { plugin, context } = source;
  const { signal } = context;
  yield (await attempt('matches its registry row', () => sameAsRegistered(source))).finding;
  yield (
    await attempt('rejects an invalid configuration', () => {
      if (plugin.configuration(z).safeParse('nonsense').success) throw new SourceError('accepts the text "nonsense"');
    })
  ).finding;
  if (plugin.health) {
    const { health } = plugin;
    yield (
      await attempt('is healthy', async () => {
        const result = await withTimeout(health(context), timeoutMs, signal);
        if (result !== undefined && typeof result.degraded !== 'string')
          throw new SourceError('gives no reason for degraded');
      })
    ).finding;
  }
  if (plugin.list && plugin.fetch) {
    const listed = await attempt('lists items, each key once', () => sample(source, null));
    yield listed.finding;
    if (listed.value !== undefined) yield* checkItems(source, listed.value);
    yield (await attempt('stops soon after its signal is aborted', () => stopsSoon(row, deps))).finding;
  }
  if (plugin.search) {
    const { search } = plugin;
    yield (
      await attempt('returns search results', async () => {
        const found = z.array(z.object({ title: z.string(), uri: z.string(), excerpt: z.string() })).max(3);
        const parsed = found.safeParse(await withTimeout(search('a', 3, context), timeoutMs, signal));
        if (!parsed.success)
          throw new SourceError('does not return a list of at most the requested number of { title, uri, excerpt }');
      })
    ).finding;
  }
}

async function* checkItems(source: OpenSource, { items, end }: Sample): AsyncGenerator<Finding> {
  yield (
    await attempt('lists the same items again, with the same versions', async () => {
      const again = await sample(source, null);
      const versions = (each: Sample) => each.items.map(({ key, version }) => [key, version]);
      if (JSON.stringify(versions(again)) !== JSON.stringify(versions({ items, end }))) {
        throw new SourceError('the second listing differs in keys, versions or order');
      }
    })
  ).finding;
  if (end !== null && end.cursor !== null) {
    yield (
      await attempt('resumes from its cursor', async () => {
        await sample(source, JSON.parse(JSON.stringify(end.cursor)));
      })
    ).finding;
  }
  for (const [at, item] of items.slice(0, maxFetched).entries()) {
    yield (await attempt(`fetches item ${at + 1} with the same text twice`, () => readsTwice(source, item))).finding;
  }
  yield (
    await attempt('does not expose its API key', () => {
      const { apiKey } = source.context;
      if (apiKey !== null && items.some(({ key, uri }) => key.includes(apiKey) || uri.includes(apiKey))) {
        throw new SourceError('lists items whose key or URI contains the API key');
      }
    })
  ).finding;
}

/** The first items that the filter lets through. `end` is null if the listing was cut short. */
async function sample({ plugin, context }: OpenSource, cursor: unknown): Promise<Sample> {
  const state = {
    seen: new Set<string>(),
    unwanted: new Set<string>(),
    listed: 0,
    unchanged: 0,
    waiting: 0,
    excluded: 0,
  };
  const { list } = plugin;
  if (!list) throw new SourceError('has no list');
  const items: ListedItem[] = [];
  const listing = changedItems(list, {
    plugin,
    context,
    cursor,
    known: new Map(),
    failing: new Map(),
    recall: async () => null,
    configuration: '',
    state,
  });
  for (;;) {
    const next = await withTimeout(listing.next(), timeoutMs, context.signal);
    if (next.done === true) return { items, end: next.value };
    items.push(next.value);
    if (items.length < maxListed) continue;
    await listing.return({ cursor: null, covers: 'none' });
    return { items, end: null };
  }
}

function sameAsRegistered({ plugin, row }: OpenSource): void {
  const can = capabilitiesOf(plugin);
  const different = capabilities.filter((name) => can[name] !== (row.capabilities[name] ?? false));
  if (different.length > 0 || plugin.version !== row.version) {
    const what = [...different, ...(plugin.version === row.version ? [] : ['version'])].join(', ');
    throw new SourceError(`differs from its row in: ${what}; run sources configure to update the row`);
  }
}

async function readsTwice({ plugin, context, row, metadata }: OpenSource, item: ListedItem): Promise<void> {
  const { fetch, transform } = plugin;
  if (!fetch) throw new SourceError('has no fetch');
  const reader = {
    fetch: (one: ListedItem) => fetch(one, context),
    transform: transform && ((fetched: Parameters<typeof transform>[0]) => transform(fetched, context)),
  };
  const options = { source: row.source, versionHash: null, defaults: metadata };
  const read = () => withTimeout(readItem(reader, item, options), timeoutMs, context.signal);
  const [first, second] = [await read(), await read()];
  if (first === 'gone' || second === 'gone') throw new SourceError('is reported as deleted although it is listed');
  if (first.passages.length === 0) throw new SourceError('contains no text');
  // The bytes of two exports of one document may differ.
  if (first.sha256 !== second.sha256 && !isDeepStrictEqual(first.passages, second.passages)) {
    throw new SourceError('the second fetch returned a different text');
  }
}

/** Opens the source again, with a separate signal that is aborted while the first item is listed. */
async function stopsSoon(row: SourceRow, deps: OpenSourceDeps): Promise<void> {
  const ending = new AbortController();
  const own = { ...deps, signal: AbortSignal.any([deps.signal, ending.signal]) };
  const source = await openSource(row, own);
  try {
    const listing = source.plugin.list?.(source.context, null);
    const first = listing?.next().then(
      () => {},
      () => {},
    );
    ending.abort();
    if (first) await withTimeout(first, endTimeoutMs, deps.signal);
  } finally {
    await source.close();
  }
}

async function attempt<T>(name: string, work: () => Promise<T> | T): Promise<{ finding: Finding; value?: T }> {
  try {
    return { finding: { name, problem: null }, value: await work() };
  } catch (error) {
    return { finding: { name, problem: reasonOf(error) } };
  }
}
