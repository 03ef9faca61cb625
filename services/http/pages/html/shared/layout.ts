/** The frame around every page: head, the way between the pages, and who is signed in. */
import { commonTexts } from './common-texts.ts';
import { type Html, html, type Value } from './html.ts';
import type { Language } from './language.ts';

export type Frame = {
  readonly language: Language;
  /** Path under which the browser's files are. */
  readonly files: string;
  readonly title: string;
  readonly current: '/' | '/dashboard/metrics';
  readonly styles: readonly string[];
  /** Modules; `classic` ones run before them. */
  readonly scripts: readonly string[];
  readonly classicScripts?: readonly string[];
  /** Whom the page greets; null: nobody is signed in. */
  readonly who: string | null;
  readonly canSignOut: boolean;
  readonly main: Value;
};

export function layout(frame: Frame): Html {
  const { language, files, title, current } = frame;
  const texts = commonTexts[language];
  const link = (path: Frame['current'], text: string) =>
    path === current ? html`<a href="${path}" aria-current="page">${text}</a>` : html`<a href="${path}">${text}</a>`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<title>${title} · rag-observatory</title>
<link rel="icon" href="${files}/favicon.svg" type="image/svg+xml">
${['base.css', 'controls.css', ...frame.styles].map((name) => html`<link rel="stylesheet" href="${files}/${name}">\n`)}
${(frame.classicScripts ?? []).map((name) => html`<script src="${files}/${name}" defer></script>\n`)}
${frame.scripts.map((name) => html`<script src="${files}/${name}" type="module"></script>\n`)}
</head>
<body>
<a class="skip" href="#main">${texts.skip}</a>
<header class="top">
<span class="product"><img src="${files}/favicon.svg" alt="" width="22" height="22">rag-observatory</span>
<nav aria-label="${texts.pages}">${link('/', texts.ask)}${link('/dashboard/metrics', texts.metrics)}</nav>
${frame.who !== null && html`<p class="who">${texts.signedInAs(frame.who)}</p>`}
${frame.canSignOut && html`<button type="button" class="quiet" id="sign-out" hidden>${texts.signOut}</button>`}
</header>
<main id="main" tabindex="-1">
${frame.main}
</main>
</body>
</html>
`;
}
