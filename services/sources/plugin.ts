/** The contract of a content source. A plugin is one module whose default export is a {@link SourcePlugin}; see docs/sources.md. */
import type { z } from 'zod';
import type { Capability, KnownItem } from '../provenance/source.ts';
import type { CarriedManifest } from '../provenance/verification.ts';
import type { Get } from './http/get.ts';
import type { SafeFetch } from './http/safe-fetch.ts';
import type { ContentMetadata } from './ingest/content-metadata.ts';
import type { Format } from './readers/formats.ts';
import type { Extracted } from './text/block.ts';

/** Every capability may be absent; the registry's row declares those that are there. To be synced takes `list` and `fetch`. */
export type SourcePlugin<Config = unknown> = {
  /** Its own, for people. What an earlier version took in is taken in again. */
  readonly version: string;
  /**
   * What `plugin_registry.config` must be (null there is an empty object); a fault is told by the name of the field.
   * @param z of zod, so that a plugin outside of this repository needs no packages of its own
   */
  readonly configuration: (zod: typeof z) => z.ZodType<Config>;
  /** Told of all its content, unless the row or the item says otherwise. */
  readonly metadata?: ContentMetadata;
  /**
   * The source's items, each key once. What it is given as cursor is what it returned when a listing was last worked off
   * under the same configuration; null: from the beginning. Items that failed then are kept, and tried again without being listed.
   */
  readonly list?: (context: SourceContext<Config>, cursor: unknown) => AsyncGenerator<ListedItem, Listing>;
  /** Whether the item is wanted. What is not counts as deleted. */
  readonly filter?: (item: ListedItem, context: SourceContext<Config>) => boolean;
  /** 'gone': deleted since it was listed. @throws {SourceError} told to people as it is; anything else by its name alone */
  readonly fetch?: (item: ListedItem, context: SourceContext<Config>) => Promise<Fetched | 'gone'>;
  /** Reads what `fetch` returned. Absent: the service reads it by its format. */
  readonly transform?: (fetched: Fetched, context: SourceContext<Config>) => Promise<Transformed> | Transformed;
  /** Items that speak to the query, best first. */
  readonly search?: (query: string, limit: number, context: SourceContext<Config>) => Promise<readonly FoundItem[]>;
  /** Resolves where the source can be used; with a reason where it can be, but not well. @throws where it cannot */
  readonly health?: (context: SourceContext<Config>) => Promise<{ readonly degraded: string } | undefined>;
  /** Whether an item that the listing does not cover is deleted at the source: asked once a day of each, and not where `covers` is 'none'. @throws where that cannot be known now: no others are asked then */
  readonly isDeleted?: (item: KnownItem, context: SourceContext<Config>) => Promise<boolean>;
};

export type ListedItem = {
  /** Says which item of the source this is: never changes, at most 2,400 bytes. */
  readonly key: string;
  /** Changes when the item does; null: the source does not tell, so it is fetched every time. */
  readonly version: string | null;
  /** Where people find it; says which content it is. */
  readonly uri: string;
  readonly publishedAt?: Date;
  /** The source reports that it was deleted. */
  readonly deleted?: true;
  /**
   * For `filter` and `fetch` alone: what listing has told already. JSON of at most 1 MB, else an item that fails can only be tried
   * again by listing everything since the last cursor again.
   */
  readonly held?: unknown;
};

export type Listing = {
  /** JSON; null: every listing begins at the beginning. */
  readonly cursor: unknown;
  /** Which of the items known before would have been listed if they were still there. Those that were not are deleted. */
  readonly covers: 'all' | 'none' | ((item: KnownItem) => boolean);
};

export type Fetched = {
  readonly body: Uint8Array | string;
  readonly format: Format;
  /** What the source tells of this item. */
  readonly metadata?: ContentMetadata;
  /** Whether the text begins with front matter that states metadata. Default: true for Markdown, otherwise false. */
  readonly frontMatter?: boolean;
  /** What of it is not read, in words that hold none of its text; told in the report of the sync, and no failure. */
  readonly note?: string;
};

/** The text of an item, with what the item itself says about its document. */
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

/** What a plugin is given. Nothing else of this service is its business. */
export type SourceContext<Config> = {
  readonly config: Config;
  /** `plugin_registry.api_endpoint` without a slash at its end; null: the usual address of the service. */
  readonly endpoint: string | null;
  /** The value of the variable that `plugin_registry.api_key_env_var` names; null: the row names none. */
  readonly apiKey: string | null;
  /** Like the web's `fetch`, guarded: for clients that take one. */
  readonly fetch: SafeFetch;
  /** The usual way to read an address. */
  readonly get: Get;
  /** Searches what was synced of this source. */
  readonly searchSynced: (query: string, limit: number) => Promise<readonly FoundItem[]>;
  /** Makes an error whose words are told to people as they are; other errors of a plugin are told by their name alone. */
  readonly fault: (reason: string, kind?: FaultKind) => Error;
  /** Aborted: end soon. */
  readonly signal: AbortSignal;
  /** Directories that are never read, whatever leads there. */
  readonly privateDirectories: readonly string[];
  readonly now: () => Date;
};

export type FaultKind = {
  /** Of an item: it cannot be read as long as it is as it is, so it is not tried again before it changes. */
  readonly lasting?: true;
  /** The source asks to be left alone until then: the sync ends, and no item is at fault. */
  readonly until?: Date;
};

/** Lets TypeScript see what `context.config` is. */
export function definePlugin<Config>(plugin: SourcePlugin<Config>): SourcePlugin<Config> {
  return plugin;
}

/** What a plugin can do, as the registry declares it. */
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
