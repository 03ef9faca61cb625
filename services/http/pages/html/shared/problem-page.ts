/** A problem, told to a person instead of a program. */
import type { ProblemDocument } from '../../../api/problem.ts';
import { commonTexts } from './common-texts.ts';
import { type Html, html } from './html.ts';
import type { Language } from './language.ts';
import { type Frame, layout } from './layout.ts';

type Given = { language: Language; files: string; current: Frame['current']; problem: ProblemDocument };

export function problemPage({ problem, ...frame }: Given): Html {
  const texts = commonTexts[frame.language].problem;
  const away = frame.current === '/dashboard/metrics' && problem.type === '/problems/database-unavailable';
  const { title, detail } = away ? texts.databaseAway : problem;
  return layout({
    ...frame,
    title,
    styles: [],
    scripts: [],
    who: null,
    canSignOut: false,
    main: html`<section class="panel narrow" aria-labelledby="problem-title" lang="${away ? frame.language : 'en'}">
<h1 id="problem-title">${title}</h1>
<p>${detail}</p>
${away && html`<p><a href="/runbooks/RagDatabaseDown.md">${texts.databaseAway.runbook}</a></p>`}
${problem.traceId !== undefined && html`<p class="muted">${texts.traceId}: <code>${problem.traceId}</code></p>`}
<p><a href="${frame.current}" lang="${frame.language}">${texts.back}</a></p>
</section>`,
  });
}
