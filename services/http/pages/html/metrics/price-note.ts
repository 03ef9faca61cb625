/** Costs that are calculated with old prices, in one sentence below the cost per answer. */
import { formatDay } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';

const texts = {
  en: (day: string) =>
    `Costs are calculated with shipped prices or exchange rates of ${day}. Compare them with what you pay.`,
  ja: (day: string) =>
    `費用は、同梱の${day}時点の単価または為替レートで計算しています。実際の請求額と比べて確認してください。`,
} as const;

/** @param day of the oldest shipped price file, YYYY-MM-DD */
export function priceNote(day: string, language: Language): Html {
  return html`<p class="note" data-testid="price-age">${texts[language](formatDay(day, language))}</p>`;
}
