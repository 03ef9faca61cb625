/** Finds front matter at the start of a Notion page: in a code block, or as the text of an imported Markdown file. */
import { findFrontMatter, parseIsolated } from '../ingest/front-matter.ts';
import type { StatedMetadata } from '../ingest/metadata-names.ts';

/** Lines of a page that may belong to its front matter. */
const maxLines = 200;

/** @param html as `readPageBlocks` makes it: one block per line, an empty line for a divider */
export async function splitPageFrontMatter(html: string): Promise<StatedMetadata & { readonly html: string }> {
  const none = { metadata: {}, warnings: [], html };
  const text: string[] = [];
  const ends: number[] = [];
  const code = html.startsWith('<pre>\n') ? html.indexOf('</pre>') : -1;
  if (code !== -1) {
    text.push(unescaped(html.slice('<pre>\n'.length, code)));
    ends.push(code + '</pre>'.length);
  } else {
    for (let at = 0; at < html.length && text.length < maxLines; ) {
      const next = html.indexOf('\n', at);
      const end = next === -1 ? html.length : next + 1;
      const line = html.slice(at, end).trimEnd();
      const [, inner] = /^<(?:p|h[1-4])>(.{0,70000})<\/(?:p|h[1-4])>$/.exec(line) ?? [];
      if (line !== '' && inner === undefined) break;
      // Notion turns the text above a closing fence into a heading, and a fence into a divider.
      text.push(line === '' ? '---' : unescaped((inner ?? '').replaceAll('<br>', '\n')));
      ends.push(end);
      at = end;
    }
  }
  const source = text.map((each) => `${each}\n`).join('');
  const found = /^\s{0,5}(?:---|\+\+\+|;;;|\{)/.test(source) ? findFrontMatter(source) : null;
  if (found === null || found.text.trim() === '') return none;
  let length = 0;
  let last = -1;
  while (length < found.end && last + 1 < text.length) {
    last++;
    length += (text[last] ?? '').length + 1;
  }
  const stated = await parseIsolated({ language: found.language, text: found.text, where: 'front matter' });
  return { ...stated, html: html.slice(ends[last] ?? html.length) };
}

function unescaped(value: string): string {
  return value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
