/** The form that takes a token from someone who is not signed in. */
import { commonTexts } from './common-texts.ts';
import { type Html, html } from './html.ts';
import type { Language } from './language.ts';
import { type Frame, layout } from './layout.ts';

export function signInPage(frame: { language: Language; files: string; current: Frame['current'] }): Html {
  const texts = commonTexts[frame.language].signIn;
  return layout({
    ...frame,
    title: texts.title,
    styles: [],
    scripts: ['sign-in.js'],
    who: null,
    canSignOut: false,
    main: html`<section class="panel narrow" aria-labelledby="sign-in-title">
<h1 id="sign-in-title">${texts.title}</h1>
<p>${texts.why}</p>
<form id="sign-in" data-refused="${texts.refused}" method="post" action="/session">
<input type="hidden" name="next" value="${frame.current}">
<label for="token">${texts.token}</label>
<input id="token" name="token" type="password" required autocomplete="off" spellcheck="false" aria-describedby="token-help token-kept">
<p class="problem" role="alert" id="sign-in-problem" hidden></p>
<button type="submit" class="primary">${texts.button}</button>
</form>
<p id="token-help">${texts.how} <code>npm run -s cli -- token</code></p>
<p id="token-kept" class="muted">${texts.kept}</p>
</section>`,
  });
}
