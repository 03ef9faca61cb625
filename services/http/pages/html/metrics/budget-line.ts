/** What is left of an objective's error budget, how fast it is being spent, and how long it lasts. */
import type { BudgetStanding } from '../../../../slo/standing.ts';
import { formatShare, formatSpan } from '../shared/format-time.ts';
import { formatNumber } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { standingTexts } from './slo-status-texts.ts';

/** Below this share the bar is drawn as one that is nearly empty, as on the board. */
const low = 0.25;

export function budgetLine(budget: BudgetStanding, language: Language): Html {
  const texts = standingTexts[language].budget;
  const { allowed, left } = budget;
  if (allowed === null) return html`<p class="note">${texts.ofMean}</p>`;
  if (left === null) return html`<p class="note">${texts.noEvents}</p>`;
  const share = formatShare(Math.abs(left), language);
  const standing = left <= 0 ? 'spent' : left < low ? 'low' : 'enough';
  return html`<p class="left ${standing}" data-value="${left}">${
    left < 0 ? texts.overspent(share) : texts.left(share)
  }</p>
<svg class="bar ${standing}" viewBox="0 0 100 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" width="100" height="6"/><rect class="part" width="${Math.max(0, Math.min(100, left * 100))}" height="6"/></svg>
<p class="note">${texts.burns} ${budget.burns.map(
    ({ over, rate }, index) =>
      html`${index > 0 && ' · '}<span class="burn" data-over="${over}">${
        rate === null ? '–' : html`<span data-value="${rate}">${formatRate(rate, language)}×</span>`
      } (${texts.span[over]})</span>`,
  )}${lasting(budget, language)}</p>`;
}

function lasting({ left, burns, lastsSeconds }: BudgetStanding, language: Language): Html | null {
  const texts = standingTexts[language].budget;
  const pace = burns.at(-1)?.rate ?? null;
  if (left !== null && left <= 0) return html` · ${texts.spent}`;
  if (lastsSeconds !== null)
    return html` · <span class="lasts" data-value="${lastsSeconds}">${texts.lasts(formatSpan(lastsSeconds, language))}</span>`;
  return pace === null ? null : html` · ${texts.notBurning}`;
}

/** Something never looks like nothing. */
function formatRate(rate: number, language: Language): string {
  let places = 1;
  while (places < 6 && rate !== 0 && Number(rate.toFixed(places)) === 0) places += 1;
  return formatNumber(rate, language, places);
}
