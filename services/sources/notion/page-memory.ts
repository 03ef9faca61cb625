/** The cursor between two listings of Notion: the time of the last one, the known pages and their subpages. */
import { z } from 'zod';
import type { ChildRef } from './read-page-blocks.ts';

const memory = z.object({
  /** When the listing began, by Notion's clock. */
  start: z.iso.datetime(),
  /** When everything was listed. */
  fullAt: z.iso.datetime(),
  known: z.record(z.string(), z.array(z.string()).readonly()),
});
type Memory = z.output<typeof memory>;

export type PageMemory = Memory & {
  /** Edits from this time on may be unknown. */
  readonly since: string;
  /** Whether the last listing saw the current version of a page with this time of its last edit (to the minute). */
  readonly hasSeen: (edited: string) => boolean;
  readonly isDue: (now: Date, fullEveryMs: number) => boolean;
  readonly children: () => ReadonlySet<ChildRef>;
  /** Known pages that this listing does not include. */
  readonly missing: (known: ReadonlyMap<string, unknown>, gone: ReadonlySet<string>) => readonly string[];
};

/** Clocks differ, and indexes lag. Milliseconds. */
const overlap = 600_000;
/** Up to this number, every listing is a full one, which takes a few seconds. */
const fewPages = 1_000;
/** Limit of missing pages that one listing checks one by one. */
const maxMissing = 200;

/** `last_edited_time` is truncated to the minute, so a page may change again without a new time. Milliseconds. */
const settledAfter = 120_000;

/** Whether the next edit of a page that was last edited at this time will change that time. */
export function isSettled(edited: string, now: Date): boolean {
  return Date.parse(edited) + settledAfter <= now.getTime();
}

/** Null: there is no valid cursor. */
export function rememberedPages(cursor: unknown): PageMemory | null {
  const { data } = memory.safeParse(cursor);
  if (data === undefined) return null;
  const start = Date.parse(data.start);
  const ids = Object.keys(data.known);
  return {
    ...data,
    since: new Date(start - overlap).toISOString(),
    hasSeen: (edited) => isSettled(edited, new Date(start)),
    isDue: (now, fullEveryMs) => ids.length <= fewPages || now.getTime() - Date.parse(data.fullAt) >= fullEveryMs,
    children: () => new Set(Object.values(data.known).flat()),
    missing: (known, gone) => ids.filter((id) => !known.has(id) && !gone.has(id)).slice(0, maxMissing),
  };
}

/** @param known the subpages of each page of this listing; null: not read */
export function nextListing(
  before: PageMemory | null,
  {
    full,
    start,
    known,
    gone,
  }: {
    full: boolean;
    start: Date;
    known: ReadonlyMap<string, readonly ChildRef[] | null>;
    gone: ReadonlySet<string>;
  },
): Memory {
  const kept = full ? [] : Object.entries(before?.known ?? {}).filter(([id]) => !gone.has(id));
  const seen = [...known].filter(([id]) => !gone.has(id)).map(([id, children]) => [id, children ?? []] as const);
  return {
    start: start.toISOString(),
    fullAt: full || before === null ? start.toISOString() : before.fullAt,
    known: Object.fromEntries([...kept, ...seen]),
  };
}
