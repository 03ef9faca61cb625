/** A problem document as a page. */
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
