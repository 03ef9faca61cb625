/** Writes HTML in which every value is escaped, so that no text can become markup. */

const markup = Symbol('markup');

export type Html = { readonly [markup]: string };

export type Value = Html | string | number | null | false | readonly Value[];

/** A template whose values are put in as text; null and false are left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { [markup]: strings.map((text, index) => (index === 0 ? text : write(values[index - 1]) + text)).join('') };
}

/** Data for scripts, inside `<script type="application/json">`, where `</script>` must not appear. */
export function jsonData(data: unknown): Html {
  return { [markup]: JSON.stringify(data).replaceAll('<', '\\u003c') };
}

export function htmlText(page: Html): string {
  return page[markup];
}

function write(value: Value | undefined): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'object') return markup in value ? value[markup] : value.map(write).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
