/** Markdown (CommonMark with GitHub's tables and strikethrough) → blocks. */
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import type { Extracted } from '../text/block.ts';
import { readHtml } from './html/read-html.ts';

// Emphasis beside Japanese punctuation is not emphasis to CommonMark, and its asterisks would stand in quotes.
const markdown = new MarkdownIt({ html: true }).use(cjkFriendly);
// What nests deeper is dropped; a hundred, the library's own limit, is within reach of real quotes of quotes.
markdown.set({ maxNesting: 1000 });

/** @param source without front matter; its HTML goes the way of HTML files, so that tables and lists read alike */
export function readMarkdown(source: string): Extracted {
  const plain = source
    .replace(/^(#{1,6} .*)\{#[\w-]+\}[ \t]*$/gm, '$1') // ids of headings
    .replace(/^[ \t]*:::.*$/gm, '') // fences of callouts
    .replace(/\[\^[\w-]+\]:?/g, ''); // footnote marks
  const { blocks } = readHtml(markdown.render(plain));
  const first = blocks.find((block) => block.kind === 'heading');
  return { title: first?.level === 1 ? first.text : null, blocks };
}
