/** Opens a source: its plugin, its configuration and its SSRF-safe HTTP client. */
import type { LookupFunction } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { SourceRow } from '../provenance/source.ts';
import { createGet } from './http/get.ts';
import { createPace } from './http/pace.ts';
import { createDispatchers } from './http/refuse-private.ts';
import { createMayFetch } from './http/robots.ts';
import { createSafeFetch, defaultLimits, type FetchLimits } from './http/safe-fetch.ts';
import type { ContentMetadata } from './ingest/content-metadata.ts';
import { loadPlugin, readConfiguration, readMetadata } from './load-plugin.ts';
import type { FaultKind, FoundItem, SourceContext, SourcePlugin } from './plugin.ts';
import { withTimeout } from './plugin-timeout.ts';
import { SourceError, SourceUnavailable, SourceUnreadable } from './source-error.ts';

export type OpenSource = {
  readonly row: SourceRow;
  readonly plugin: SourcePlugin;
  readonly context: SourceContext<unknown>;
  readonly metadata: ContentMetadata;
  /** Closes its connections. */
  readonly close: () => Promise<void>;
};

export type OpenSourceDeps = {
  /** The value of the environment variable with a key; undefined: not set. Throws for variables that configure this service. */
  readonly readKey: (variable: string) => string | undefined;
  readonly searchSynced: (source: string, query: string, limit: number) => Promise<readonly FoundItem[]>;
  readonly privateDirectories?: readonly string[];
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** For tests: other limits and another DNS lookup. */
  readonly limits?: Partial<FetchLimits>;
  readonly lookup?: LookupFunction;
};

/** Limit for importing the plugin's module. Milliseconds. */
const loadTimeoutMs = 60_000;
/** Characters. */
const maxReason = 500;
/** The user agent that rules in robots.txt apply to. */
const agent = 'rag-observatory';

/** @throws {SourceError} if the row or its plugin cannot be used */
export async function openSource(
  row: SourceRow,
  { readKey, searchSynced, privateDirectories = [], signal, now, limits = {}, lookup }: OpenSourceDeps,
): Promise<OpenSource> {
  const plugin = await withTimeout(loadPlugin(row), loadTimeoutMs, signal);
  const config = readConfiguration(plugin, row.config);
  const metadata = readMetadata(plugin, row.metadata);
  const within = { ...defaultLimits, ...limits };
  const dispatchers = createDispatchers(row.allowedHosts, lookup);
  const fetch = createSafeFetch({
    dispatchers,
    pace: createPace({
      perMinute: within.perMinute,
      pause: (ms, until) => pause(ms, undefined, { signal: until }),
      clock: () => performance.now(),
    }),
    limits: within,
    userAgent: `${agent}/1.0`,
    signal,
    now,
  });
  const context: SourceContext<unknown> = {
    config,
    endpoint: row.endpoint?.replace(/\/+$/, '') ?? null,
    apiKey: keyOf(row, readKey),
    fetch,
    get: createGet(fetch, createMayFetch(fetch, agent)),
    searchSynced: (query, limit) => searchSynced(row.source, query, limit),
    fault: createFault,
    privateDirectories,
    signal,
    now,
  };
  return { row, plugin, context, metadata, close: dispatchers.close };
}

function createFault(reason: string, { lasting, until }: FaultKind = {}): Error {
  const reply = reason.slice(0, maxReason);
  if (until !== undefined) return new SourceUnavailable(reply, { until });
  return lasting === true ? new SourceUnreadable(reply) : new SourceError(reply);
}

function keyOf({ apiKeyVariable }: SourceRow, readKey: OpenSourceDeps['readKey']): string | null {
  if (apiKeyVariable === null) return null;
  const key = readKey(apiKeyVariable);
  if (key === undefined || key.trim() === '') {
    throw new SourceError(
      `the variable ${apiKeyVariable} for its key is not set; set it where this runs, or name another (--api-key-variable)`,
    );
  }
  return key;
}
