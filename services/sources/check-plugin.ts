/** The conformance suite: what every plugin must do, tried against the source that its row names. Nothing is stored. */
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
  /** Null: as it should be. */
  readonly problem: string | null;
};

/** Items that are looked at, and of those, that are fetched. */
const listedMost = 200;
const fetchedMost = 5;
/** Milliseconds for one call of the plugin. */
const timeoutMs = 120_000;
/** Milliseconds until a plugin that is told to end has done so. */
const endTimeoutMs = 5_000;

type Sample = { readonly items: readonly ListedItem[]; readonly end: Listing | null };

/** Each finding as it is made. A source that cannot be opened ends the suite. */
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
  yield (await attempt('is registered as what it is', () => sameAsRegistered(source))).finding;
  yield (
    await attempt('refuses a configuration that makes no sense', () => {
      if (plugin.configuration(z).safeParse('nonsense').success) throw new SourceError('takes the text "nonsense"');
    })
  ).finding;
  if (plugin.health) {
    const { health } = plugin;
    yield (
      await attempt('is healthy', async () => {
        const said = await withTimeout(health(context), timeoutMs, signal);
        if (said !== undefined && typeof said.degraded !== 'string')
          throw new SourceError('gives no reason for degraded');
      })
    ).finding;
  }
  if (plugin.list && plugin.fetch) {
    const listed = await attempt('lists items, each key once', () => sample(source, null));
    yield listed.finding;
    if (listed.value !== undefined) yield* checkItems(source, listed.value);
    yield (await attempt('ends soon when it is stopped', () => endsSoon(row, deps))).finding;
  }
  if (plugin.search) {
    const { search } = plugin;
    yield (
      await attempt('answers a search', async () => {
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
        throw new SourceError('lists otherwise the second time: other keys, versions or another order');
      }
    })
  ).finding;
  if (end !== null && end.cursor !== null) {
    yield (
      await attempt('takes its cursor up again', async () => {
        await sample(source, JSON.parse(JSON.stringify(end.cursor)));
      })
    ).finding;
  }
  for (const [at, item] of items.slice(0, fetchedMost).entries()) {
    yield (await attempt(`fetches item ${at + 1}, twice the same, and text is in it`, () => readsTwice(source, item)))
      .finding;
  }
  yield (
    await attempt('keeps its key to itself', () => {
      const { apiKey } = source.context;
      if (apiKey !== null && items.some(({ key, uri }) => key.includes(apiKey) || uri.includes(apiKey))) {
        throw new SourceError('lists items whose key or uri holds the API key');
      }
    })
  ).finding;
}

/** The first items, wanted or not known to be unwanted; `end` where the listing came to it. */
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
    if (items.length < listedMost) continue;
    await listing.return({ cursor: null, covers: 'none' });
    return { items, end: null };
  }
}

function sameAsRegistered({ plugin, row }: OpenSource): void {
  const can = capabilitiesOf(plugin);
  const odd = capabilities.filter((name) => can[name] !== (row.capabilities[name] ?? false));
  if (odd.length > 0 || plugin.version !== row.version) {
    const what = [...odd, ...(plugin.version === row.version ? [] : ['version'])].join(', ');
    throw new SourceError(`says otherwise than its row of: ${what}; run sources configure to bring the row up to date`);
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
  if (first.passages.length === 0) throw new SourceError('holds no text');
  // What a service exports anew may be packed anew.
  if (first.sha256 !== second.sha256 && !isDeepStrictEqual(first.passages, second.passages)) {
    throw new SourceError('is another text the second time');
  }
}

/** With a source of its own, whose signal is aborted between its first item and the next. */
async function endsSoon(row: SourceRow, deps: OpenSourceDeps): Promise<void> {
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
