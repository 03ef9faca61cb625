/** The contract of a content source. A plugin is one module whose default export is a {@link SourcePlugin}; see docs/sources.md. */
import type { z } from 'zod';
import type { Capability, KnownItem } from '../provenance/source.ts';
import type { CarriedManifest } from '../provenance/verification.ts';
import type { Get } from './http/get.ts';
import type { SafeFetch } from './http/safe-fetch.ts';
import type { ContentMetadata } from './ingest/content-metadata.ts';
import type { Format } from './readers/formats.ts';
import type { Extracted } from './text/block.ts';

/** Every capability is optional; the row in the registry declares which exist. Syncing requires `list` and `fetch`. */
export type SourcePlugin<Config = unknown> = {
  /** The plugin's own version. After it changes, every item is ingested again. */
  readonly version: string;
  /**
   * The schema of `plugin_registry.config` (null counts as an empty object). Errors name the invalid field.
   * @param zod passed in, so that a plugin outside this repository needs no packages of its own
   */
  readonly configuration: (zod: typeof z) => z.ZodType<Config>;
  /** Paths of the worker's machine that a configuration names. Over HTTP only those inside the operator's folders are accepted. */
  readonly hostPaths?: (config: Config) => readonly string[];
  /** Applies to all items, unless the row or the item overrides it. */
  readonly metadata?: ContentMetadata;
  /**
   * Yields the source's items, each key once.
   * @param cursor the one returned by the last listing that was processed to its end under the same configuration; null: list from
   *   the beginning. Items that failed in that sync are stored and retried without being listed again.
   */
  readonly list?: (context: SourceContext<Config>, cursor: unknown) => AsyncGenerator<ListedItem, Listing>;
  /** Whether to ingest the item. An item that is filtered out counts as deleted. */
  readonly filter?: (item: ListedItem, context: SourceContext<Config>) => boolean;
  /** 'gone': deleted since it was listed. @throws {SourceError} its message is shown to operators; of other errors, only the name */
  readonly fetch?: (item: ListedItem, context: SourceContext<Config>) => Promise<Fetched | 'gone'>;
  /** Reads what `fetch` returned. Absent: the service reads it by its format. */
  readonly transform?: (fetched: Fetched, context: SourceContext<Config>) => Promise<Transformed> | Transformed;
  /** Items that match the query, best first. */
  readonly search?: (query: string, limit: number, context: SourceContext<Config>) => Promise<readonly FoundItem[]>;
  /** Resolves if the source works, with a reason if it is degraded. @throws if the source is down */
  readonly health?: (context: SourceContext<Config>) => Promise<{ readonly degraded: string } | undefined>;
  /**
   * Whether an item that the listing does not cover has been deleted at the source. Called once a day for each such item, unless
   * `covers` is 'none'. @throws if this cannot be determined now; the remaining items are then not checked
   */
  readonly isDeleted?: (item: KnownItem, context: SourceContext<Config>) => Promise<boolean>;
};

export type ListedItem = {
  /** Identifies the item within its source. Never changes; at most 2,400 bytes. */
  readonly key: string;
  /** Changes when the item changes; null: the source has no version, so the item is fetched in every sync. */
  readonly version: string | null;
  /** The address for readers; identifies the document. */
  readonly uri: string;
  readonly publishedAt?: Date;
  /** The source reports that it was deleted. */
  readonly deleted?: true;
  /**
   * Data from the listing for `filter` and `fetch`. If it is not JSON of at most 1 MB, a failed item can only be retried by listing
   * everything since the last cursor again.
   */
  readonly held?: unknown;
};

export type Listing = {
  /** JSON; null: every listing starts from the beginning. */
  readonly cursor: unknown;
  /** Which known items this listing would have included if they still existed. Those that it did not list are deleted. */
  readonly covers: 'all' | 'none' | ((item: KnownItem) => boolean);
};

export type Fetched = {
  readonly body: Uint8Array | string;
  readonly format: Format;
  /** What the source states about this item. */
  readonly metadata?: ContentMetadata;
  /** Whether the text starts with front matter that states metadata. Default: true for Markdown, otherwise false. */
  readonly frontMatter?: boolean;
  /** Which parts are not read, without quoting the text. Appears in the sync report and is not a failure. */
  readonly note?: string;
};

/** The text of an item, with the metadata that the item itself states. */
export type Transformed = Extracted & {
  readonly metadata?: ContentMetadata;
  /** The C2PA manifest that the file carries; absent or null: none. */
  readonly manifest?: CarriedManifest | null;
  /** Metadata that was ignored, and why. */
  readonly warnings?: readonly string[];
};

export type FoundItem = {
  readonly title: string;
  readonly uri: string;
  readonly excerpt: string;
};

/** All that a plugin can use of this service. */
export type SourceContext<Config> = {
  readonly config: Config;
  /** `plugin_registry.api_endpoint` without a trailing slash; null: the default address of the service. */
  readonly endpoint: string | null;
  /** The value of the environment variable in `plugin_registry.api_key_env_var`; null: the row names no variable. */
  readonly apiKey: string | null;
  /** The SSRF-safe HTTP client with the interface of `fetch`, for libraries that accept one. */
  readonly fetch: SafeFetch;
  /** Reads a URL with conditional requests. */
  readonly get: Get;
  /** Searches the synced documents of this source. */
  readonly searchSynced: (query: string, limit: number) => Promise<readonly FoundItem[]>;
  /** Creates an error whose message is shown to operators; of other errors of a plugin, only the name is shown. */
  readonly fault: (reason: string, kind?: FaultKind) => Error;
  /** Once aborted, the plugin must stop soon. */
  readonly signal: AbortSignal;
  /** Directories that are never read, even through links. */
  readonly privateDirectories: readonly string[];
  readonly now: () => Date;
};

export type FaultKind = {
  /** The item cannot be read in its current version, so it is not retried until it changes. */
  readonly lasting?: true;
  /** The source accepts no requests before this time: the sync ends, and no item counts as failed. */
  readonly until?: Date;
};

/** Lets TypeScript infer the type of `context.config`. */
export function definePlugin<Config>(plugin: SourcePlugin<Config>): SourcePlugin<Config> {
  return plugin;
}

/** The capabilities of a plugin, as the registry stores them. */
export function capabilitiesOf(plugin: SourcePlugin): Readonly<Record<Capability, boolean>> {
  const { list, search, filter, fetch, transform, health } = plugin;
  const has = (each: unknown) => typeof each === 'function';
  return {
    list: has(list),
    search: has(search),
    filter: has(filter),
    fetch: has(fetch),
    transform: has(transform),
    health: has(health),
  };
}
