/** Cuts what was read to the page that was asked for. */

/**
 * @param rows in the page's order, read with `limit + 1`: the one too many tells that there is another page
 * @returns the page, and the id of its last row to go on from; null where nothing follows
 */
export function cutPage<Row extends { readonly id: string }>(rows: readonly Row[], limit: number) {
  const page = rows.slice(0, limit);
  return { page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
