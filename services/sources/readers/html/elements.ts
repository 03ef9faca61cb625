/** What an element of a page is, by its name, its neighbours and its attributes. */
import type { Element } from 'domhandler';

const blockTags = new Set(
  `address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2
  h3 h4 h5 h6 header hr legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul`.split(/\s+/),
);

/** Buttons by themselves are lines; in a heading or a sentence they are words. */
export function isBlock({ name, parent }: Element): boolean {
  if (blockTags.has(name)) return true;
  return (
    name === 'button' &&
    parent !== null &&
    'name' in parent &&
    /^(?:div|section|article|main|body|form|details)$/.test(parent.name)
  );
}

export function isNumerator({ parent, next }: Element): boolean {
  return parent !== null && 'name' in parent && parent.name === 'mfrac' && next !== null;
}

export function isRaisedInMath({ parent, prev, next }: Element): boolean {
  return parent !== null && 'name' in parent && parent.name === 'msup' && prev !== null && next === null;
}

export function spanOf(value: string | undefined): number {
  const span = Number.parseInt(value ?? '1', 10);
  return Number.isFinite(span) && span > 0 ? Math.min(span, 1_000) : 1;
}

/** Whether all its text is in bold elements. */
export function isBold(cell: Element): boolean {
  let node: Element = cell;
  for (;;) {
    const filled = node.children.filter((child) => child.type !== 'text' || child.data.trim() !== '');
    const [only] = filled;
    if (filled.length !== 1 || only === undefined || !('attribs' in only)) return false;
    if (only.name === 'strong' || only.name === 'b') return true;
    node = only;
  }
}
