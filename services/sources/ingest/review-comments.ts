/** Removes reviewers' comments, which Google Docs appends to its HTML exports, with the markers that refer to them. */

import { SourceUnreadable } from '../source-error.ts';

export type WithoutComments = { readonly html: string; readonly comments: number };

/** How far the tags of a comment may be from its anchor. */
const window = 2_000;
const longest = 8_000;
/** No document has more. */
const maxComments = 1_000;

/** The anchors `#cmnt_ref1` (in the comment) and `#cmnt1` (in the text) exist in these exports only. */
export function removeReviewComments(html: string): WithoutComments {
  if (!html.includes('#cmnt')) return { html, comments: 0 };
  const bodies = cutAround(html, /href\s{0,3}=\s{0,3}["']?#cmnt_ref\d/gi, ['div', 'p', 'li', 'a']);
  const markers = cutAround(bodies.html, /href\s{0,3}=\s{0,3}["']?#cmnt\d/gi, ['sup', 'a']);
  return { html: markers.html, comments: bodies.cut };
}

/** Cuts the outermost of the elements that contain each match, the first name of which is there. */
function cutAround(html: string, anchor: RegExp, names: readonly string[]): { html: string; cut: number } {
  const parts: string[] = [];
  let from = 0;
  let cut = 0;
  let anchors = 0;
  for (const { index } of html.matchAll(anchor)) {
    if (++anchors > maxComments) throw new SourceUnreadable('has too many comments of reviewers');
    if (index < from) continue;
    const element = names.map((name) => elementAround(html, name, { index, from })).find((each) => each !== null);
    if (!element) continue;
    parts.push(html.slice(from, element.start));
    from = element.end;
    cut++;
  }
  return { html: parts.join('') + html.slice(from), cut };
}

/** Null: the position is not in such an element that begins nearby. */
function elementAround(html: string, name: string, { index, from }: { index: number; from: number }) {
  const low = Math.max(from, index - window);
  const before = html.slice(low, index).toLowerCase();
  const opened = before.lastIndexOf(`<${name}`);
  if (opened === -1 || before.includes(`</${name}`, opened) || !/[\s>]/.test(before[opened + name.length + 1] ?? ''))
    return null;
  const tag = new RegExp(`<(/?)${name}[\\s>]`, 'gi');
  const rest = html.slice(index, index + longest);
  let depth = 1;
  for (let found = tag.exec(rest); found !== null; found = tag.exec(rest)) {
    depth += found[1] === '/' ? -1 : 1;
    if (depth > 0) continue;
    const end = html.indexOf('>', index + found.index);
    return end === -1 ? null : { start: low + opened, end: end + 1 };
  }
  return null;
}
