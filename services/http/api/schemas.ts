/** Schemas that several routes share, and the paging of lists. */
import { z } from 'zod';

/** A Date in code, ISO 8601 in UTC in JSON. */
export const instant = z.custom<Date>().meta({ type: 'string', format: 'date-time' });

/** An identifier in requests: any UUID that PostgreSQL accepts, in lower case. */
export const uuid = z.guid({ error: 'must be a UUID' }).toLowerCase();

/** Limits what a route reads to one service; absent: all services together. */
export const ofService = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,49}$/, { error: 'is not the name of a service' })
  .optional()
  .meta({ description: 'Name of a service; `rag-chat` is the built-in one. Absent: all services together.' });

/** A whole number in a query string, where every value is text. */
export const wholeNumber = (least: number, most: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` });

/**
 * Cuts the rows to one page.
 * @param rows in order, read with `limit + 1`: the extra row shows that another page follows
 * @returns the page and `next`, the id of its last row; null if no page follows
 */
export function cutPage<Row extends { readonly id: string }>(rows: readonly Row[], limit: number) {
  const page = rows.slice(0, limit);
  return { page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
