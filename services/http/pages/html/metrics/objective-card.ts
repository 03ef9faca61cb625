/** The card of one objective: today's value, the target, the verdict, a chart and the error budget. */

import type { Trusted } from '../../../../quality/validation.ts';
import type { DayReport, ObjectiveReport } from '../../../../rollup/day-report.ts';
import { type Objective, type ObjectiveKey, objectives, shownObjective } from '../../../../slo/objectives.ts';
import type { ErrorBudgetStatus } from '../../../../slo/slo-status.ts';
import { formatShare, formatSpan } from '../shared/format-time.ts';
import { formatDay, formatMeasure, formatNumber } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { statusBadge, verdictName } from '../shared/status-badge.ts';
import { measureOf, type ShownDay } from './days.ts';
import { actionIn, metricsTexts, titleIn } from './metrics-texts.ts';
import { priceNote } from './price-note.ts';
import { sloStatusTexts } from './slo-status-texts.ts';
import { trustNote } from './trust-note.ts';

/** For tests and links into the page. */
export function testIdOf(name: string): string {
  return name === 'relevance' ? 'relevance-score' : name.replaceAll('_', '-');
}

type ObjectiveCard = {
  report: DayReport;
  objective: ObjectiveReport;
  days: readonly ShownDay[];
  budgets: readonly ErrorBudgetStatus[];
  /** Of the relevance score; null: not known. */
  trust: Trusted | null;
  /** Day of shipped prices that are old; null: prices are current, or the operator's. */
  oldPrices: string | null;
  language: Language;
};

export function objectiveCard({ report, objective, days, budgets, trust, oldPrices, language }: ObjectiveCard): Html {
  const texts = metricsTexts[language];
  const { key, value, met } = objective;
  const definition = objectives[key] ?? shownObjective('relevance');
  const title = titleIn(language, definition);
  const id = testIdOf(objective.name);
  const formatted = value === null ? null : formatMeasure(definition, value, language);
  const measured = days.filter((day) => measureOf(day, key).met !== null);
  const metDays = measured.filter((day) => measureOf(day, key).met === true);
  const budget = budgets.find((each) => each.key === key);
  const first = days[0]?.day ?? report.day;
  return html`<section class="card" data-testid="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${title}</h3>
<div class="current" id="${id}-now" data-live data-met="${verdictName(met)}" data-announce="${texts.announce(title, texts.status(met), formatted)}">
${statusBadge(met, texts.status(met))}
<p class="value">${
    value === null
      ? html`<span class="empty">${texts.noMeasurements}</span>`
      : html`<data value="${value}">${formatted}</data>`
  }</p>
<p class="target">${texts.target} ${targetText(definition, language)}${
    met === false && objective.action !== null && html` <strong>→ ${actionIn(language, definition)}</strong>`
  }</p>
${
  definition.indicator === 'cost_per_answer' && report.totals.priced < report.totals.queries
    ? html`<p class="note">${texts.priced(report.totals.priced, report.totals.queries)}</p>`
    : null
}${definition.indicator === 'cost_per_answer' && oldPrices !== null && priceNote(oldPrices, language)}${key === 'relevance' && trust !== null && trustNote(trust, language)}
</div>
<div class="chart" data-chart="${key}" role="img" aria-label="${texts.chart(title, days.length)}, ${texts.chartRange(formatDay(first, language), formatDay(report.day, language))}"></div>
<p class="note" id="${id}-days" data-live>${
    measured.length === 0 ? texts.noDays : texts.lastDays(metDays.length, measured.length)
  }</p>
<div class="budget" id="${id}-budget" data-live>${budget !== undefined && budgetLine(budget, language)}</div>
</section>`;
}

/** The card of an objective that has no value by day: the target and the error budget. */
export function budgetCard({
  key,
  objective,
  budgets,
  language,
}: Pick<ObjectiveCard, 'budgets' | 'language'> & { key: ObjectiveKey; objective: Objective }): Html {
  const texts = metricsTexts[language];
  const id = testIdOf(objective.name);
  const budget = budgets.find((each) => each.key === key);
  return html`<section class="card" data-testid="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${titleIn(language, objective)}</h3>
<p class="target">${texts.target} ${targetText(objective, language)}</p>
<p class="note">${texts.byPrometheus}</p>
<div class="budget" id="${id}-budget" data-live>${budget !== undefined && budgetLine(budget, language)}</div>
</section>`;
}

/** Shows the sign; screen readers read the words. */
function targetText(objective: Objective, language: Language): Html {
  const { direction, target } = objective;
  const { sign, words } = metricsTexts[language].direction[direction];
  const value = formatMeasure(objective, target, language);
  const spoken = html`<span class="visually-hidden">${words}</span>`;
  const visible = html`<span aria-hidden="true">${sign} </span>`;
  return language === 'ja' ? html`${visible}${value}${spoken}` : html`${visible}${spoken} ${value}`;
}

/** Below this share the bar is drawn as nearly empty, as on the dashboard. */
const low = 0.25;

/** What remains of the error budget, its burn rates and when it is exhausted. */
function budgetLine(status: ErrorBudgetStatus, language: Language): Html {
  const texts = sloStatusTexts[language].budget;
  const { budget, remaining } = status;
  if (budget === null) return html`<p class="note">${texts.ofMean}</p>`;
  if (remaining === null) return html`<p class="note">${texts.noEvents}</p>`;
  const share = formatShare(Math.abs(remaining), language);
  const level = remaining <= 0 ? 'exhausted' : remaining < low ? 'low' : 'enough';
  return html`<p class="left ${level}" data-value="${remaining}">${
    remaining < 0 ? texts.overspent(share) : texts.remaining(share)
  }</p>
<svg class="bar ${level}" viewBox="0 0 100 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="fill" width="${Math.max(0, Math.min(100, remaining * 100))}" height="6"/></svg>
<p class="note">${texts.burnRate} ${status.burnRates.map(
    ({ window, rate }, index) =>
      html`${index > 0 && ' · '}<span class="burn" data-over="${window}">${
        rate === null ? '–' : html`<span data-value="${rate}">${formatRate(rate, language)}×</span>`
      } (${texts.window[window]})</span>`,
  )}${exhaustion(status, language)}</p>`;
}

function exhaustion({ remaining, burnRates, exhaustedInSeconds }: ErrorBudgetStatus, language: Language): Html | null {
  const texts = sloStatusTexts[language].budget;
  const burnRate = burnRates.at(-1)?.rate ?? null;
  if (remaining !== null && remaining <= 0) return html` · ${texts.exhausted}`;
  if (exhaustedInSeconds !== null)
    return html` · <span class="lasts" data-value="${exhaustedInSeconds}">${texts.exhaustedIn(formatSpan(exhaustedInSeconds, language))}</span>`;
  return burnRate === null ? null : html` · ${texts.notBurning}`;
}

/** Only 0 is shown as 0. */
function formatRate(rate: number, language: Language): string {
  let places = 1;
  while (places < 6 && rate !== 0 && Number(rate.toFixed(places)) === 0) places += 1;
  return formatNumber(rate, language, places);
}
