/** Reads the data that the server put into the page. */

/**
 * @template T
 * @param {Document} page
 * @returns {T}
 */
export function pageData(page = document) {
  return JSON.parse(byId('page-data', page).textContent ?? 'null');
}

/** @param {string} id @param {Document} page @returns {HTMLElement} */
export function byId(id, page = document) {
  const found = page.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** Puts values in the places of a text. @param {string} text @param {string | number} n */
export function fill(text, n) {
  return text.replace('{n}', String(n));
}
