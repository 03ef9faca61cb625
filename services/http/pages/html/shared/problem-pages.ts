/** The pages shown instead of the requested one: a problem document, or the sign-in form. */
import type { ProblemDocument } from '../../../api/problem.ts';
import { commonTexts } from './common-texts.ts';
import { type Html, html } from './html.ts';
import type { Language } from './language.ts';
import { type Frame, layout } from './layout.ts';

type ProblemPage = { language: Language; files: string; current: Frame['current']; problem: ProblemDocument };

export function problemPage({ problem, ...frame }: ProblemPage): Html {
  const texts = commonTexts[frame.language].problem;
  const noDatabase = frame.current === '/dashboard/metrics' && problem.type === '/problems/database-unavailable';
  const { title, detail } = noDatabase ? texts.databaseUnavailable : problem;
  return layout({
    ...frame,
    title,
    styles: [],
    scripts: [],
    user: null,
    canSignOut: false,
    main: html`<section class="panel narrow" aria-labelledby="problem-title" lang="${noDatabase ? frame.language : 'en'}">
<h1 id="problem-title">${title}</h1>
<p>${detail}</p>
${noDatabase && html`<p><a href="/runbooks/RagDatabaseDown.md">${texts.databaseUnavailable.runbook}</a></p>`}
${problem.traceId !== undefined && html`<p class="muted">${texts.traceId}: <code>${problem.traceId}</code></p>`}
<p><a href="${frame.current}" lang="${frame.language}">${texts.retry}</a></p>
</section>`,
  });
}

export function signInPage(frame: { language: Language; files: string; current: Frame['current'] }): Html {
  const texts = commonTexts[frame.language].signIn;
  return layout({
    ...frame,
    title: texts.title,
    styles: [],
    scripts: ['shared/session.js'],
    user: null,
    canSignOut: false,
    main: html`<section class="panel narrow" aria-labelledby="sign-in-title">
<h1 id="sign-in-title">${texts.title}</h1>
<p>${texts.why}</p>
<form id="sign-in" data-rejected="${texts.rejected}" method="post" action="/session">
<input type="hidden" name="next" value="${frame.current}">
<label for="token">${texts.token}</label>
<input id="token" name="token" type="password" required autocomplete="off" spellcheck="false" aria-describedby="token-help token-storage">
<p class="problem" role="alert" id="sign-in-problem" hidden></p>
<button type="submit" class="primary">${texts.button}</button>
</form>
<p id="token-help">${texts.how} <code>npm run -s cli -- token</code></p>
<p id="token-storage" class="muted">${texts.storage}</p>
</section>`,
  });
}
