/** Formats measured values, targets and days. */
import type { Day } from '../../../../rollup/day.ts';
import type { Objective } from '../../../../slo/objectives.ts';
import { met } from '../../../../slo/verdict.ts';
import type { Language } from './language.ts';

const secondsUnit = { en: ' s', ja: ' 秒' };
const millisecondsUnit = { en: ' ms', ja: ' ミリ秒' };
const maxDigits = 8;

type Shape = { factor: number; digits: number; least: number; before: string; after: string };

/** Uses as few digits as possible, but enough that a breached value never looks like the target and only 0 is shown as 0. */
export function formatMeasure(objective: Objective, value: number, language: Language): string {
  const { factor, digits, least, before, after } = shapeOf(objective.unit, value, language);
  const scaled = value * factor;
  const verdict = met(objective, value);
  const isAccurate = (places: number) => {
    const rounded = Number(scaled.toFixed(places));
    return met(objective, rounded / factor) === verdict && (rounded !== 0 || value === 0);
  };
  let places = digits;
  while (places < maxDigits && !isAccurate(places)) places += 1;
  return `${before}${formatNumber(scaled, language, places, least)}${after}`;
}

export function formatYen(value: number, language: Language): string {
  let places = 2;
  while (places < maxDigits && value !== 0 && Number(value.toFixed(places)) === 0) places += 1;
  return `¥${formatNumber(value, language, places)}`;
}

export function formatNumber(value: number, language: Language, places = 0, least = 0): string {
  const options = { maximumFractionDigits: places, minimumFractionDigits: Math.min(least, places) };
  return new Intl.NumberFormat(language, options).format(value);
}

export function formatDay(day: Day, language: Language): string {
  const options = { month: 'short', day: 'numeric', weekday: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(`${day}T00:00:00Z`));
}

function shapeOf(unit: Objective['unit'], value: number, language: Language): Shape {
  switch (unit) {
    case 'ratio':
      return { factor: 100, digits: value < 0.1 ? 2 : 1, least: 0, before: '', after: '%' };
    case 'seconds':
      return value < 1
        ? { factor: 1_000, digits: 0, least: 0, before: '', after: millisecondsUnit[language] }
        : { factor: 1, digits: 2, least: 1, before: '', after: secondsUnit[language] };
    case 'jpy':
      return { factor: 1, digits: 2, least: Number.isInteger(value) ? 0 : 2, before: '¥', after: '' };
    case 'score':
      return { factor: 1, digits: 2, least: 2, before: '', after: '' };
  }
}
