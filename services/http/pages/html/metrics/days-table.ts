/** The values of the charts as a table, newest day first. */
import { dailyObjectives } from '../../../../rollup/day-value.ts';
import type { Met } from '../../../../slo/verdict.ts';
import { formatDay, formatMeasure, formatNumber } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { statusBadge } from '../shared/status-badge.ts';
import { measureOf, type ShownDay } from './days.ts';
import { metricsTexts, titleIn } from './metrics-texts.ts';

export function daysTable({ days, language }: { days: readonly ShownDay[]; language: Language }): Html {
  const texts = metricsTexts[language];
  const rows = days.map((day, index) => row(day, index === days.length - 1, language)).reverse();
  return html`<details class="panel">
<summary>${texts.table}</summary>
<div class="scroll" role="region" tabindex="0" aria-label="${texts.table}">
<table>
<caption>${texts.tableCaption}</caption>
<thead><tr><th scope="col">${texts.day}</th><th scope="col">${texts.verdict}</th><th scope="col">${texts.answers}</th>${Object.values(
    dailyObjectives,
  ).map((objective) => html`<th scope="col">${titleIn(language, objective)}</th>`)}</tr></thead>
<tbody id="days" data-live>
${rows}</tbody>
</table>
</div>
</details>`;
}

function row(shown: ShownDay, today: boolean, language: Language): Html {
  const { day, met, answers } = shown;
  const texts = metricsTexts[language];
  return html`<tr><th scope="row"><time datetime="${day}">${formatDay(day, language)}</time>${
    today && html` <small>${texts.soFar}</small>`
  }</th><td>${answers === null ? html`<span class="muted">${texts.notRolledUp}</span>` : statusBadge(met, texts.status(met))}</td><td>${
    answers === null ? '–' : formatNumber(answers, language)
  }</td>${Object.entries(dailyObjectives).map(([key, objective]) => {
    const { value, met: measureMet } = measureOf(shown, key);
    return html`<td>${value === null ? '–' : formatMeasure(objective, value, language)}${missedSign(measureMet, texts.status(false))}</td>`;
  })}</tr>\n`;
}

function missedSign(met: Met, text: string): Html | null {
  return met === false
    ? html` <strong class="breached"><span aria-hidden="true">✕</span><span class="visually-hidden">${text}</span></strong>`
    : null;
}
