/** What is stored of an item that failed, so that it is tried again even if the source does not list it again. */
import type { FailingItem, Failure } from '../../provenance/source.ts';
import type { ListedItem } from '../plugin.ts';

/** Milliseconds: 5, 10, 20 minutes and so on, up to a day. */
const firstRetryAfter = 300_000;
const maxRetryAfter = 24 * 3_600_000;
/** More than an article does not belong in a row. Characters of JSON. */
const maxKept = 1_000_000;

/** @param before what is kept of it already @param versionHash see `version-hash.ts` */
export function failureOf(
  item: ListedItem,
  { reason, versionHash, before }: { reason: string; versionHash: string; before: FailingItem | undefined },
): Failure {
  const failures = (before?.versionHash === versionHash ? before.failures : 0) + 1;
  const kept = keptItem(item);
  const inMs = Math.min(firstRetryAfter * 2 ** (failures - 1), maxRetryAfter);
  return { reason, failures, retry: kept === null ? null : { versionHash, item: kept, inMs } };
}

/** The item as it was listed. @param kept what is stored of it */
export function listedAgain(key: string, kept: unknown): ListedItem {
  const { version, uri, publishedAt, held } = kept as Omit<ListedItem, 'publishedAt'> & { publishedAt?: string | null };
  return { key, version, uri, held, ...(publishedAt && { publishedAt: new Date(publishedAt) }) };
}

/** Null: JSON would change what the plugin needs to fetch it. */
function keptItem({ version, uri, publishedAt, held }: ListedItem): string | null {
  if (!isJson(held, 0)) return null;
  const kept = JSON.stringify({ version, uri, publishedAt, held });
  return kept.length <= maxKept ? kept : null;
}

/** An undefined property counts as absent. */
function isJson(value: unknown, depth: number): boolean {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > 50) return false;
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((each) => isJson(each, depth + 1));
}
