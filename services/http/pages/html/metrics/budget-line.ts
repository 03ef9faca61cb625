/** The error budget of an objective: what remains, its burn rates and when it is exhausted. */
import type { BudgetStanding } from '../../../../slo/standing.ts';
import { formatShare, formatSpan } from '../shared/format-time.ts';
import { formatNumber } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { sloStatusTexts } from './slo-status-texts.ts';

/** Below this share the bar is drawn as nearly empty, as on the dashboard. */
const low = 0.25;

export function budgetLine(budget: BudgetStanding, language: Language): Html {
  const texts = sloStatusTexts[language].budget;
  const { allowed, left } = budget;
  if (allowed === null) return html`<p class="note">${texts.ofMean}</p>`;
  if (left === null) return html`<p class="note">${texts.noEvents}</p>`;
  const share = formatShare(Math.abs(left), language);
  const level = left <= 0 ? 'exhausted' : left < low ? 'low' : 'enough';
  return html`<p class="left ${level}" data-value="${left}">${
    left < 0 ? texts.overspent(share) : texts.remaining(share)
  }</p>
<svg class="bar ${level}" viewBox="0 0 100 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="fill" width="${Math.max(0, Math.min(100, left * 100))}" height="6"/></svg>
<p class="note">${texts.burnRate} ${budget.burns.map(
    ({ over, rate }, index) =>
      html`${index > 0 && ' · '}<span class="burn" data-over="${over}">${
        rate === null ? '–' : html`<span data-value="${rate}">${formatRate(rate, language)}×</span>`
      } (${texts.window[over]})</span>`,
  )}${exhaustion(budget, language)}</p>`;
}

function exhaustion({ left, burns, lastsSeconds }: BudgetStanding, language: Language): Html | null {
  const texts = sloStatusTexts[language].budget;
  const pace = burns.at(-1)?.rate ?? null;
  if (left !== null && left <= 0) return html` · ${texts.exhausted}`;
  if (lastsSeconds !== null)
    return html` · <span class="lasts" data-value="${lastsSeconds}">${texts.exhaustedIn(formatSpan(lastsSeconds, language))}</span>`;
  return pace === null ? null : html` · ${texts.notBurning}`;
}

/** Only 0 is shown as 0. */
function formatRate(rate: number, language: Language): string {
  let places = 1;
  while (places < 6 && rate !== 0 && Number(rate.toFixed(places)) === 0) places += 1;
  return formatNumber(rate, language, places);
}
