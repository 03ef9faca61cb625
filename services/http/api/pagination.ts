/** Pages of a list. */

/**
 * Cuts the rows to one page.
 * @param rows in order, read with `limit + 1`: the extra row shows that another page follows
 * @returns the page and `next`, the id of its last row; null if no page follows
 */
export function cutPage<Row extends { readonly id: string }>(rows: readonly Row[], limit: number) {
  const page = rows.slice(0, limit);
  return { page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
