/** GET /runbooks/NAME.md: the pages that alerts link to. They are public and contain no data of users. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { IRouter, RequestHandler } from 'express';
import MarkdownIt from 'markdown-it';
import type { mountRoute } from '../router.ts';

const folder = new URL('../../../docs/runbooks/', import.meta.url);
const markdown = new MarkdownIt({ html: false });

/** Serves the files that exist at startup. Paths of requests are never looked up on disk. */
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

/** HTML in the Markdown is shown as text. */
function render(name: string, text: string, files: string): string {
  const tokens = markdown.parse(text.replace(/<!--.*?-->\n?/gs, ''), {});
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    // Links to other pages of docs/, which are not served, become plain text.
    if (token.type === 'link_open' && String(token.attrGet('href')).startsWith('../')) token.attrs = null;
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name.replace('.md', '')} · rag-observatory</title>
<link rel="icon" href="${files}/shared/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${files}/shared/base.css">
<link rel="stylesheet" href="${files}/shared/runbook.css">
</head>
<body>
<main class="runbook">
${name === 'README.md' ? '' : '<p><a href="README.md">All runbooks</a></p>\n'}${markdown.renderer.render(tokens, markdown.options, {})}</main>
</body>
</html>
`;
}
