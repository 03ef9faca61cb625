/** The frame of every page: head, navigation and the signed-in user. */
import { commonTexts } from './common-texts.ts';
import { type Html, html, type Value } from './html.ts';
import type { Language } from './language.ts';

export type Frame = {
  readonly language: Language;
  /** Path of the assets. */
  readonly files: string;
  readonly title: string;
  readonly current: '/' | '/dashboard/metrics';
  readonly styles: readonly string[];
  /** Modules. They run after `classicScripts`. */
  readonly scripts: readonly string[];
  readonly classicScripts?: readonly string[];
  /** The displayed name. Null: not signed in. */
  readonly user: string | null;
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
<link rel="icon" href="${files}/shared/favicon.svg" type="image/svg+xml">
${['shared/base.css', 'shared/controls.css', ...frame.styles].map((name) => html`<link rel="stylesheet" href="${files}/${name}">\n`)}
${(frame.classicScripts ?? []).map((name) => html`<script src="${files}/${name}" defer></script>\n`)}
${frame.scripts.map((name) => html`<script src="${files}/${name}" type="module"></script>\n`)}
</head>
<body>
<a class="skip" href="#main">${texts.skip}</a>
<header class="site-header">
<span class="product"><img src="${files}/shared/favicon.svg" alt="" width="22" height="22">rag-observatory</span>
<nav aria-label="${texts.pages}">${link('/', texts.ask)}${link('/dashboard/metrics', texts.metrics)}</nav>
${frame.user !== null && html`<p class="user">${texts.signedInAs(frame.user)}</p>`}
${frame.canSignOut && html`<button type="button" class="secondary" id="sign-out" hidden>${texts.signOut}</button>`}
</header>
<main id="main" tabindex="-1">
${frame.main}
</main>
</body>
</html>
`;
}
