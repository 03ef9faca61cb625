/** The page /dashboard/services/NAME: what an application sent lately, what is missing, and the line that fixes it. */
import type { Diagnosis, FieldState, Finding } from '../../../../intake/doctor/diagnose.ts';
import { moment } from '../shared/format-time.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { type Frame, layout } from '../shared/layout.ts';
import { statusBadge } from '../shared/status-badge.ts';
import { doctorTexts } from './doctor-texts.ts';

type DoctorPage = Pick<Frame, 'language' | 'files' | 'user' | 'canSignOut'> & { readonly diagnosis: Diagnosis };

/** Reasons and fixes are in English in every language, as `cli -- services doctor` prints them. */
export function doctorPage({ diagnosis, ...frame }: DoctorPage): Html {
  const { language } = frame;
  const { service, turns, fields, findings } = diagnosis;
  const texts = doctorTexts[language];
  return layout({
    ...frame,
    title: texts.title(service),
    current: '/dashboard/metrics',
    styles: ['metrics/metrics.css', 'metrics/tables.css', 'shared/status.css'],
    scripts: ['shared/session.js'],
    main: html`<h1>${texts.title(service)}</h1>
<p><a href="/dashboard/metrics?service=${service}">${texts.back}</a></p>
${head(diagnosis, language)}
<section class="panel" aria-labelledby="findings-title" data-testid="findings">
<h2 id="findings-title">${texts.findings}</h2>
${findings.length === 0 ? html`<p>${texts.noFindings}</p>` : html`<ol>${findings.map(finding)}</ol>`}
</section>
${turns > 0 && fieldsTable(fields, language)}`,
  });
}

function head({ turns, lastTurnAt, dialects }: Diagnosis, language: Language): Html {
  const texts = doctorTexts[language];
  if (turns === 0 || lastTurnAt === null) return html`<p data-testid="turns">${texts.noTurns}</p>`;
  return html`<p data-testid="turns">${texts.latest(turns)} ${texts.lastAt} ${moment(lastTurnAt, language)}. ${texts.writtenBy} ${dialects.join(', ')}.</p>`;
}

function finding({ what, fix }: Finding): Html {
  return html`<li lang="en">${what}<br><code>${fix}</code></li>\n`;
}

function fieldsTable(fields: readonly FieldState[], language: Language): Html {
  const texts = doctorTexts[language];
  return html`<section class="panel" aria-labelledby="fields-title" data-testid="fields">
<h2 id="fields-title">${texts.fields}</h2>
<div class="scroll" role="group" tabindex="0" aria-labelledby="fields-title">
<table>
<thead><tr>${[texts.field, texts.state, texts.why, texts.fix].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${fields.map((field) => row(field, language))}</tbody>
</table>
</div>
</section>`;
}

function row({ field, state, arrived, of, why, fix }: FieldState, language: Language): Html {
  const texts = doctorTexts[language];
  const text = state === 'some' ? texts.some(arrived, of) : texts.states[state];
  const isGood = state === 'arrived' ? true : state === 'some' ? null : false;
  return html`<tr data-field="${field}"><th scope="row">${texts.names[field]} <small class="muted">${field}</small></th><td>${statusBadge(isGood, text)}</td><td lang="en">${why}</td><td lang="en">${fix !== null && html`<code>${fix}</code>`}</td></tr>\n`;
}
