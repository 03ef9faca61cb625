/** One objective on the metrics page: today's value, the promise, the verdict and a chart of the days. */
import type { DayReport, ObjectiveReport } from '../../../../rollup/day-report.ts';
import type { ObjectiveKey } from '../../../../slo/objectives.ts';
import { objectives } from '../../../../slo/objectives.ts';
import type { ErrorBudgetStatus } from '../../../../slo/slo-status.ts';
import { formatDay, formatMeasure } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { statusMark, verdictName } from '../shared/status-badge.ts';
import { budgetLine } from './budget-line.ts';
import type { ShownDay } from './days.ts';
import { metricsTexts } from './metrics-texts.ts';

export const testIds: Readonly<Record<ObjectiveKey, string>> = {
  citationRate: 'citation-rate',
  latencyP50: 'latency-p50',
  latencyP95: 'latency-p95',
  costPerAnswer: 'cost-per-answer',
  relevance: 'relevance-score',
  errorRate: 'error-rate',
};

type Given = {
  report: DayReport;
  objective: ObjectiveReport;
  days: readonly ShownDay[];
  budgets: readonly ErrorBudgetStatus[];
  language: Language;
};

export function objectiveCard({ report, objective, days, budgets, language }: Given): Html {
  const texts = metricsTexts[language];
  const { key, value, met } = objective;
  const title = texts.objective[key];
  const id = testIds[key];
  const written = value === null ? null : formatMeasure(objectives[key], value, language);
  const measured = days.filter((day) => day.measures[key].met !== null);
  const kept = measured.filter((day) => day.measures[key].met === true);
  const budget = budgets.find((each) => each.key === key);
  const first = days[0]?.day ?? report.day;
  return html`<section class="card" data-testid="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${title}</h3>
<div class="now" id="${id}-now" data-live data-met="${verdictName(met)}" data-announce="${texts.announce(title, texts.status(met), written)}">
${statusMark(met, texts.status(met))}
<p class="value">${
    value === null ? html`<span class="empty">${texts.nothing}</span>` : html`<data value="${value}">${written}</data>`
  }</p>
<p class="target">${texts.target} ${targetText(objective, language)}${
    met === false && objective.action !== null && html` <strong>→ ${texts.action(key, objective.action)}</strong>`
  }</p>
${
  key === 'costPerAnswer' && report.totals.priced < report.totals.queries
    ? html`<p class="note">${texts.priced(report.totals.priced, report.totals.queries)}</p>`
    : null
}
</div>
<div class="chart" data-chart="${key}" role="img" aria-label="${texts.chart(title, days.length)}, ${texts.chartOf(formatDay(first, language), formatDay(report.day, language))}"></div>
<p class="note" id="${id}-days" data-live>${
    measured.length === 0 ? texts.noDays : texts.lastDays(kept.length, measured.length)
  }</p>
<div class="budget" id="${id}-budget" data-live>${budget !== undefined && budgetLine(budget, language)}</div>
</section>`;
}

/** The sign for eyes, the words for ears. */
function targetText({ key, direction, target }: ObjectiveReport, language: Language): Html {
  const { sign, words } = metricsTexts[language].direction[direction];
  const value = formatMeasure(objectives[key], target, language);
  const spoken = html`<span class="unseen">${words}</span>`;
  const seen = html`<span aria-hidden="true">${sign} </span>`;
  return language === 'ja' ? html`${seen}${value}${spoken}` : html`${seen}${spoken} ${value}`;
}
