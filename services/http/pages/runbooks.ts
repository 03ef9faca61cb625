/** GET /runbooks/NAME.md: the pages that alerts link to, for whoever was paged; they hold nothing of anybody. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { IRouter, RequestHandler } from 'express';
import MarkdownIt from 'markdown-it';
import type { mountRoute } from '../router.ts';

const folder = new URL('../../../docs/runbooks/', import.meta.url);
const markdown = new MarkdownIt({ html: false });

/** What is served is what was in the folder at the start: no path of a request is looked up. */
export function mountRunbooks(router: IRouter, mountOne: typeof mountRoute, files: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
    const page = render(name, readFileSync(fileURLToPath(new URL(name, folder)), 'utf8'), files);
    mountOne(router, `/runbooks/${name}`, { get: [send(page)] });
    if (name === 'README.md') mountOne(router, '/runbooks', { get: [toIndex] });
  }
}

const toIndex: RequestHandler = (_req, res) => {
  res.redirect('/runbooks/README.md');
};

function send(page: string): RequestHandler {
  return (_req, res) => {
    res.set('Cache-Control', 'no-cache').type('text/html; charset=utf-8').send(page);
  };
}

/** The texts are ours; what looks like HTML in them is shown as text all the same. */
function render(name: string, text: string, files: string): string {
  const tokens = markdown.parse(text.replace(/<!--.*?-->\n?/gs, ''), {});
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    // Pages of the repository that are no runbooks are not served.
    if (token.type === 'link_open' && String(token.attrGet('href')).startsWith('../')) token.attrs = null;
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name.replace('.md', '')} · rag-observatory</title>
<link rel="icon" href="${files}/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${files}/base.css">
<link rel="stylesheet" href="${files}/runbook.css">
</head>
<body>
<main class="runbook">
${name === 'README.md' ? '' : '<p><a href="README.md">All runbooks</a></p>\n'}${markdown.renderer.render(tokens, markdown.options, {})}</main>
</body>
</html>
`;
}
