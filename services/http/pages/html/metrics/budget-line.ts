/** What is left of an objective's error budget, how fast it is being spent, and how long it lasts. */
import type { ErrorBudgetStatus } from '../../../../slo/slo-status.ts';
import { formatShare, formatSpan } from '../shared/format-time.ts';
import { formatNumber } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { standingTexts } from './slo-status-texts.ts';

/** Below this share the bar is drawn as one that is nearly empty, as on the board. */
const low = 0.25;

export function budgetLine(status: ErrorBudgetStatus, language: Language): Html {
  const texts = standingTexts[language].budget;
  const { budget, remaining } = status;
  if (budget === null) return html`<p class="note">${texts.ofMean}</p>`;
  if (remaining === null) return html`<p class="note">${texts.noEvents}</p>`;
  const share = formatShare(Math.abs(remaining), language);
  const standing = remaining <= 0 ? 'spent' : remaining < low ? 'low' : 'enough';
  return html`<p class="left ${standing}" data-value="${remaining}">${
    remaining < 0 ? texts.overspent(share) : texts.left(share)
  }</p>
<svg class="bar ${standing}" viewBox="0 0 100 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" width="100" height="6"/><rect class="part" width="${Math.max(0, Math.min(100, remaining * 100))}" height="6"/></svg>
<p class="note">${texts.burns} ${status.burnRates.map(
    ({ window, rate }, index) =>
      html`${index > 0 && ' · '}<span class="burn" data-over="${window}">${
        rate === null ? '–' : html`<span data-value="${rate}">${formatRate(rate, language)}×</span>`
      } (${texts.span[window]})</span>`,
  )}${lasting(status, language)}</p>`;
}

function lasting({ remaining, burnRates, exhaustedInSeconds }: ErrorBudgetStatus, language: Language): Html | null {
  const texts = standingTexts[language].budget;
  const pace = burnRates.at(-1)?.rate ?? null;
  if (remaining !== null && remaining <= 0) return html` · ${texts.spent}`;
  if (exhaustedInSeconds !== null)
    return html` · <span class="lasts" data-value="${exhaustedInSeconds}">${texts.lasts(formatSpan(exhaustedInSeconds, language))}</span>`;
  return pace === null ? null : html` · ${texts.notBurning}`;
}

/** Something never looks like nothing. */
function formatRate(rate: number, language: Language): string {
  let places = 1;
  while (places < 6 && rate !== 0 && Number(rate.toFixed(places)) === 0) places += 1;
  return formatNumber(rate, language, places);
}
