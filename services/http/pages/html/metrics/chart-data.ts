/** The data of the charts, with a description of each point. */
import { dailyObjectives } from '../../../../rollup/day-value.ts';
import type { Objective, ObjectiveKey } from '../../../../slo/objectives.ts';
import { formatDay, formatMeasure } from '../shared/format-value.ts';
import type { Language } from '../shared/language.ts';
import { verdictName } from '../shared/status-badge.ts';
import { measureOf, type ShownDay } from './days.ts';
import { metricsTexts } from './metrics-texts.ts';

type ChartPoint = {
  readonly day: string;
  /** In the objective's unit. Null leaves a gap. */
  readonly value: number | null;
  readonly met: 'met' | 'breached' | 'none';
  readonly text: string;
};

export type ChartData = {
  readonly unit: 'ratio' | 'seconds' | 'jpy' | 'score';
  /** The side of the target on which the objective is breached. */
  readonly breach: 'above' | 'below';
  readonly target: number;
  readonly points: readonly ChartPoint[];
};

export type MetricsPageData = { readonly charts: Readonly<Record<ObjectiveKey, ChartData>>; readonly stale: string };

export function metricsPageData(days: readonly ShownDay[], language: Language): MetricsPageData {
  const charts = Object.fromEntries(
    Object.entries(dailyObjectives).map(([key, objective]) => [key, chartOf(key, objective, days, language)]),
  );
  return { charts, stale: metricsTexts[language].stale };
}

function chartOf(key: ObjectiveKey, objective: Objective, days: readonly ShownDay[], language: Language): ChartData {
  const texts = metricsTexts[language];
  const { unit, target, direction } = objective;
  const points = days.map((shown) => {
    const { day } = shown;
    const { value, met } = measureOf(shown, key);
    const formatted = value === null ? '' : `${formatMeasure(objective, value, language)} · `;
    return { day, value, met: verdictName(met), text: `${formatDay(day, language)}: ${formatted}${texts.status(met)}` };
  });
  return { unit, target, breach: direction === 'atLeast' ? 'below' : 'above', points };
}
