/** Opens a source for use: its plugin, its configuration, and the guarded way out that it is given. */
import type { LookupFunction } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { SourceRow } from '../provenance/source.ts';
import { createGet } from './http/get.ts';
import { createPace } from './http/pace.ts';
import { createDispatchers } from './http/refuse-private.ts';
import { createMayFetch } from './http/robots.ts';
import { createGuardedFetch, type FetchLimits, usualLimits } from './http/safe-fetch.ts';
import type { ContentFacts } from './ingest/content-metadata.ts';
import { loadPlugin, readConfiguration, readFacts } from './load-plugin.ts';
import type { FaultKind, FoundItem, SourceContext, SourcePlugin } from './plugin.ts';
import { withPatience } from './plugin-timeout.ts';
import { SourceAway, SourceError, SourceUnreadable } from './source-error.ts';

export type OpenSource = {
  readonly row: SourceRow;
  readonly plugin: SourcePlugin;
  readonly context: SourceContext<unknown>;
  readonly facts: ContentFacts;
  /** Closes its connections. */
  readonly close: () => Promise<void>;
};

export type SourceSurroundings = {
  /** The value of an environment variable that holds a key; undefined: it is not set. Throws for variables of our own. */
  readonly readKey: (variable: string) => string | undefined;
  readonly searchSynced: (source: string, query: string, limit: number) => Promise<readonly FoundItem[]>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** For tests: other limits, another way to look names up. */
  readonly limits?: Partial<FetchLimits>;
  readonly lookup?: LookupFunction;
};

/** Milliseconds for the plugin's own module, and what it does when it is loaded. */
const loadPatience = 60_000;
/** Characters. */
const longestReason = 500;
/** The name that rules of robots.txt may be made for. */
const agent = 'rag-observatory';

/** @throws {SourceError} that says what is wrong with the row */
export async function openSource(
  row: SourceRow,
  { readKey, searchSynced, signal, now, limits = {}, lookup }: SourceSurroundings,
): Promise<OpenSource> {
  const plugin = await withPatience(loadPlugin(row), loadPatience, signal);
  const config = readConfiguration(plugin, row.config);
  const facts = readFacts(plugin, row.facts);
  const within = { ...usualLimits, ...limits };
  const dispatchers = createDispatchers(row.allowedHosts, lookup);
  const fetch = createGuardedFetch({
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
    signal,
    now,
  };
  return { row, plugin, context, facts, close: dispatchers.close };
}

function createFault(reason: string, { lasting, until }: FaultKind = {}): Error {
  const told = reason.slice(0, longestReason);
  if (until !== undefined) return new SourceAway(told, { until });
  return lasting === true ? new SourceUnreadable(told) : new SourceError(told);
}

function keyOf({ apiKeyVariable }: SourceRow, readKey: SourceSurroundings['readKey']): string | null {
  if (apiKeyVariable === null) return null;
  const key = readKey(apiKeyVariable);
  if (key === undefined || key.trim() === '') {
    throw new SourceError(
      `the variable ${apiKeyVariable}, which is to hold its key, is not set; set it where this runs, or name another (--api-key-variable)`,
    );
  }
  return key;
}
