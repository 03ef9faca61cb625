/** A content source as the registry and the programs know it: what it can do, how it is, what its last sync did. */

/** What a plugin can do; the registry's row declares it. */
export const capabilities = ['list', 'search', 'filter', 'fetch', 'transform', 'health'] as const;
export type Capability = (typeof capabilities)[number];

/** The registry's source of documents that come from files. */
export const localSource = 'local';

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
  /** Of all its documents, unless an item has its own; see `content-metadata.ts`. */
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
  /** Of the ingested version; null: nothing was ingested. */
  readonly versionHash: string | null;
  /** Whether its document is stored. */
  readonly hasContent: boolean;
  readonly publishedAt: Date | null;
  /** When it was last checked or ingested. */
  readonly checkedAt: Date;
  /** Null: it is there, as far as is known. */
  readonly goneAt: Date | null;
  /** Metadata that an operator stated when ingesting it by hand; null: no operator ingested it. */
  readonly stated: Readonly<Record<string, unknown>> | null;
  /** An operator removed its document: syncs skip it. */
  readonly excluded: boolean;
};

/** An item that failed and waits for its next attempt. */
export type FailingItem = {
  readonly key: string;
  /** Of the version that failed, and of what else decides how it is stored. */
  readonly versionHash: string;
  /** How often that version was tried. */
  readonly failures: number;
  /** Whether its time has come. */
  readonly due: boolean;
};

/** What is stored of an item that failed. */
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
  /** Items that the source listed. */
  readonly listed: number;
  readonly created: number;
  readonly replaced: number;
  readonly unchanged: number;
  /** Deleted at the source, and so removed here. */
  readonly removed: number;
  /** Failed items, including those that wait for their next attempt. */
  readonly failed: number;
  /** Without text, or removed by an operator. */
  readonly skipped: number;
  /** Documents of the source that are stored and may not be used in answers: neither licence nor permission allows it. */
  readonly unusable: number;
};

/** The status of a source and its last sync. */
export type SourceStatus = SourceRow & {
  readonly sync: {
    readonly startedAt: Date | null;
    readonly finishedAt: Date | null;
    readonly succeededAt: Date | null;
    readonly outcome: 'running' | 'succeeded' | 'failed' | null;
    readonly error: string | null;
    readonly counts: SyncCounts;
  };
  /** When the row was last changed, health checks aside. */
  readonly changedAt: Date;
  /** Items whose documents are stored. */
  readonly items: number;
  /** Items that failed. */
  readonly failingItems: number;
};
