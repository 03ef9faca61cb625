/** Finds elements and data in the page, and creates elements from text. */

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

/** Fills the placeholder of a text. @param {string} text @param {string | number} n */
export function fill(text, n) {
  return text.replace('{n}', String(n));
}

/**
 * Creates an element. Text of answers and sources can never become markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | boolean>>} attributes `true` sets an empty value, `false` omits the attribute
 * @param {(Node | string)[]} children strings become text nodes
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** The language of a text, which selects its glyphs and the voice of a screen reader. @param {string} text */
export function langOf(text) {
  return /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(text) ? { lang: 'ja' } : {};
}
