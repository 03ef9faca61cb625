/** Markdown (CommonMark with GitHub's tables and strikethrough; MDX) → blocks. */
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import type { Extracted } from '../../text/block.ts';
import { readHtml } from '../html/read-html.ts';
import { plainMarkdown } from './plain-markdown.ts';

type Parser = InstanceType<typeof MarkdownIt>;

// Emphasis beside Japanese punctuation is no emphasis to CommonMark, and its asterisks would end up in quotes.
const markdown = new MarkdownIt({ html: true }).use(cjkFriendly).use(keepEquations).use(dropFootnoteMarks);
// What nests deeper is dropped; real quotes of quotes reach a hundred, the library's own limit.
markdown.set({ maxNesting: 1000 });

/** @param source without front matter; its HTML is read like an HTML file, so that tables and lists read alike */
export function readMarkdown(source: string): Extracted {
  const { text, notes } = plainMarkdown(source);
  const html = markdown.render(text, { notes });
  const { title: _, ...extracted } = readHtml(`<main>${html}</main>`);
  const first = extracted.blocks.find((block) => block.kind === 'heading');
  return { title: first?.level === 1 ? first.text : null, ...extracted };
}

/** `$a*b$`, `$$…$$`, `\(…\)` and `\[…\]` stay as they are written: their signs are no emphasis. */
function keepEquations(parser: Parser): void {
  const equation =
    /\$\$[^$]{1,2000}\$\$|\$(?![\s$])[^$\n]{1,500}(?<![\s\\])\$(?!\d)|\\\([^\n]{1,500}?\\\)|\\\[[^\]]{1,2000}\\\]/y;
  parser.inline.ruler.before('escape', 'equation', (state, silent) => {
    const sign = state.src.charAt(state.pos);
    if (sign !== '$' && sign !== '\\') return false;
    equation.lastIndex = state.pos;
    const found = equation.exec(state.src)?.[0];
    if (found === undefined || (sign === '\\' && !/[\\^_=]/.test(found.slice(2, -2)))) return false;
    if (!silent) state.push('text', '', 0).content = found;
    state.pos += found.length;
    return true;
  });
}

function dropFootnoteMarks(parser: Parser): void {
  const mark = /\[\^([\w-]{1,100})\]/y;
  parser.inline.ruler.before('link', 'footnote_mark', (state, silent) => {
    if (state.src.charAt(state.pos + 1) !== '^') return false;
    mark.lastIndex = state.pos;
    const found = mark.exec(state.src);
    const notes = state.env?.notes;
    if (found?.[1] === undefined || !(notes instanceof Set) || !notes.has(found[1])) return false;
    if (!silent) state.pending += '';
    state.pos += found[0].length;
    return true;
  });
}
