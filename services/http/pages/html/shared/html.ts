/** Builds HTML. Every value is escaped, so that no text can become markup. */

const markup = Symbol('markup');

export type Html = { readonly [markup]: string };

export type Value = Html | string | number | null | false | readonly Value[];

/** Template tag that inserts values as text. Null and false insert nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { [markup]: strings.map((text, index) => (index === 0 ? text : write(values[index - 1]) + text)).join('') };
}

/** JSON for `<script type="application/json">`, which must not contain `</script>`. */
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
