/** A content source as the registry and the programs know it: what it can do, how it is, what its last sync did. */

/** What a plugin can do; the registry's row declares it. */
export const capabilities = ['list', 'search', 'filter', 'fetch', 'transform', 'health'] as const;
export type Capability = (typeof capabilities)[number];

/** Null in a row: never checked. */
export const healthStatuses = ['healthy', 'degraded', 'down'] as const;
export type HealthStatus = (typeof healthStatuses)[number];

/** A row of `plugin_registry`. */
export type SourceRow = {
  readonly source: string;
  /** For people. */
  readonly name: string;
  /** The npm package or the file of the plugin; null: built in. */
  readonly module: string | null;
  readonly capabilities: Readonly<Partial<Record<Capability, boolean>>>;
  /** For the plugin's own schema. */
  readonly config: unknown;
  /** Told of all its content, where an item does not tell its own; see `content-metadata.ts`. */
  readonly metadata: unknown;
  /** Null: the service's usual address. */
  readonly endpoint: string | null;
  /** The NAME of an environment variable. */
  readonly apiKeyVariable: string | null;
  /** `host` or `host:port` on loopback or private networks that it may be fetched from. */
  readonly allowedHosts: readonly string[];
  /** Null: on demand only. */
  readonly syncEveryMinutes: number | null;
  readonly enabled: boolean;
  readonly version: string;
  readonly lastHealthCheck: Date | null;
  readonly healthStatus: HealthStatus | null;
  readonly healthLatencyMs: number | null;
  /** Without text of content. */
  readonly healthError: string | null;
};

export type Health = {
  readonly status: HealthStatus;
  readonly latencyMs: number;
  readonly error: string | null;
};

/** An item that an earlier sync has seen. */
export type KnownItem = {
  readonly key: string;
  /** Of what was taken in; null: nothing was. */
  readonly versionHash: string | null;
  /** Whether something of it was taken in, and has not gone. */
  readonly hasContent: boolean;
  readonly publishedAt: Date | null;
  /** When its source was last asked for it by itself, or it was taken in. */
  readonly checkedAt: Date;
  /** Null: it is there, as far as is known. */
  readonly goneAt: Date | null;
  /** Metadata that an operator stated when ingesting it by hand; null: no operator ingested it. */
  readonly stated: Readonly<Record<string, unknown>> | null;
  /** An operator removed its document: syncs skip it. */
  readonly excluded: boolean;
};

/** An item that could not be taken in the last time, and waits to be tried again. */
export type FailingItem = {
  readonly key: string;
  /** Of the version that failed, and of what else decides how it is stored. */
  readonly versionHash: string;
  /** How often that version was tried. */
  readonly failures: number;
  /** Whether its time has come. */
  readonly due: boolean;
};

/** What is kept of an item that could not be taken in. */
export type Failure = {
  /** Without the item's text. */
  readonly reason: string;
  /** How often this version was tried. */
  readonly failures: number;
  /** Null: it is tried when it is listed again. */
  readonly retry: {
    readonly versionHash: string;
    /** JSON. */
    readonly item: string;
    /** Milliseconds from now. */
    readonly inMs: number;
  } | null;
};

/** Where the next sync begins. */
export type SyncStart = { readonly cursor: unknown; readonly cursorHash: string | null };

export type SyncCounts = {
  /** Items that the source told of. */
  readonly listed: number;
  readonly created: number;
  readonly replaced: number;
  readonly unchanged: number;
  /** Deleted at the source, and so removed here. */
  readonly removed: number;
  /** That could not be taken in, those included that were not tried now because they wait for their next try. */
  readonly failed: number;
  /** Without text, or removed by an operator. */
  readonly skipped: number;
  /** Documents of the source that are stored and may not be used in answers: neither licence nor permission allows it. */
  readonly unusable: number;
};

/** What people and metrics are told of a source's syncs. */
export type SourceStatus = SourceRow & {
  readonly sync: {
    readonly startedAt: Date | null;
    readonly finishedAt: Date | null;
    readonly succeededAt: Date | null;
    readonly outcome: 'running' | 'succeeded' | 'failed' | null;
    readonly error: string | null;
    readonly counts: SyncCounts;
  };
  /** When somebody last changed the row; checks of health are no changes. */
  readonly changedAt: Date;
  /** Items that were taken in and are not gone. */
  readonly items: number;
  /** Items that could not be taken in the last time. */
  readonly failingItems: number;
};
