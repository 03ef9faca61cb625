/** What is remembered from one listing of Notion to the next: when it was, which pages there are, what stands in each. */
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
  /** Edits from then on have not been seen for sure. */
  readonly since: string;
  /** Whether a page that was edited last at this time, to the minute, was seen as it is. */
  readonly hasSeen: (edited: string) => boolean;
  readonly isDue: (now: Date, fullEveryMs: number) => boolean;
  readonly children: () => ReadonlySet<ChildRef>;
  /** Pages that were there and are not listed now. */
  readonly missing: (known: ReadonlyMap<string, unknown>, gone: ReadonlySet<string>) => readonly string[];
};

/** Clocks differ, and indexes lag. Milliseconds. */
const overlap = 600_000;
/** So few are listed whole every time, which takes no longer than a few seconds. */
const fewPages = 1_000;
/** Pages that are looked for one by one in one listing. */
const maxMissing = 200;

/** `last_edited_time` is cut off to the minute, so that within it a page may change once more. Milliseconds. */
const settledAfter = 120_000;

/** Whether a page that was edited last at this time will tell another time when it is edited again. */
export function isSettled(edited: string, now: Date): boolean {
  return Date.parse(edited) + settledAfter <= now.getTime();
}

/** Null: nothing is remembered. */
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

/** @param known what stands in each page of this listing; null: it was not asked for */
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
