/** Formats times, in Asia/Tokyo, and durations. */
import { timeZone } from '../../../../rollup/day.ts';
import { formatNumber } from './format-value.ts';
import { type Html, html } from './html.ts';
import type { Language, Translated } from './language.ts';

type Step = { readonly seconds: number; readonly unit: Translated<string> };

const steps: readonly Step[] = [
  { seconds: 86_400, unit: { en: ' days', ja: '日' } },
  { seconds: 3_600, unit: { en: ' h', ja: '時間' } },
  { seconds: 60, unit: { en: ' min', ja: '分' } },
  { seconds: 1, unit: { en: ' s', ja: '秒' } },
];

/** `Nov 23, 14:03` in a time element. */
export function moment(at: Date, language: Language): Html {
  const format = new Intl.DateTimeFormat(language, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  return html`<time datetime="${at.toISOString()}">${format.format(at)}</time>`;
}

/** Uses the largest unit with a value of at least two, so that `47 h` is not rounded to days. */
export function formatSpan(seconds: number, language: Language): string {
  const step = steps.find((each) => seconds >= 2 * each.seconds) ?? { seconds: 1, unit: { en: ' s', ja: '秒' } };
  return `${formatNumber(Math.floor(seconds / step.seconds), language)}${step.unit[language]}`;
}

/** Formats a percentage with enough digits that only 0 is shown as 0% and only 1 as 100%. */
export function formatShare(share: number, language: Language): string {
  const percent = share * 100;
  const misleading = (places: number) => {
    const rounded = Number(percent.toFixed(places));
    return (rounded === 0 && percent !== 0) || (rounded === 100 && percent !== 100);
  };
  let places = 0;
  while (places < 6 && misleading(places)) places += 1;
  return `${formatNumber(percent, language, places)}%`;
}
