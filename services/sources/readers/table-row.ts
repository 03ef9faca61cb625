/** One row of a table as a line that can be read on its own: each cell under the name of its column. */

/** @param headers the names of the columns; null where the table does not tell them */
export function rowText(cells: readonly string[], headers: readonly string[] | null): string {
  if (headers?.length === cells.length) {
    // The first cell is what the row is about and needs no name.
    return cells
      .map((cell, at) => (cell === '' || at === 0 || !headers[at] ? cell : `${headers[at]}: ${cell}`))
      .filter((cell) => cell !== '')
      .join(' | ');
  }
  const filled = cells.filter((cell) => cell !== '');
  return filled.length === 2 && filled[0] !== undefined && filled[0].length <= 60 && cells.length === 2
    ? `${filled[0]}: ${filled[1]}`
    : filled.join(' | ');
}
