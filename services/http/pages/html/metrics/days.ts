/** The days of the metrics page, without gaps up to today, each compared with every objective. */

import { addDays, type Day } from '../../../../rollup/day.ts';
import type { DayReport } from '../../../../rollup/day-report.ts';
import { dailyObjectives, dayValue } from '../../../../rollup/day-value.ts';
import type { History, HistoryDay } from '../../../../rollup/history.ts';
import { type Objective, type ObjectiveKey, objectives } from '../../../../slo/objectives.ts';
import { allMet, type Compliance, type Met, met } from '../../../../slo/verdict.ts';

/** `value` is in the objective's unit. Null: no data. */
export type DayMeasure = { readonly value: number | null; readonly met: Met };

export type ShownDay = {
  readonly day: Day;
  /** Null: the day has no daily rollup. */
  readonly answers: number | null;
  readonly measures: Readonly<Record<ObjectiveKey, DayMeasure>>;
  /** All objectives combined. */
  readonly met: Met;
};

const none: DayMeasure = { value: null, met: null };

export function measureOf({ measures }: Pick<ShownDay, 'measures'>, key: ObjectiveKey): DayMeasure {
  return measures[key] ?? none;
}

/** @returns `span` days, oldest first; the last is today so far */
export function shownDays(report: DayReport, history: History, span: number): readonly ShownDay[] {
  const rows = new Map(history.days.map((row) => [row.date, row]));
  const before = Array.from({ length: span - 1 }, (_, index) => addDays(report.day, index + 1 - span));
  return [...before.map((day) => pastDay(day, rows.get(day))), today(report)];
}

function today({ day, objectives: reports, totals }: DayReport): ShownDay {
  const measures = measureEach((key) => {
    const found = reports.find((report) => report.key === key);
    return { value: found?.value ?? null, met: found?.met ?? null };
  });
  return shown(day, totals.queries, measures);
}

function pastDay(day: Day, row: HistoryDay | undefined): ShownDay {
  if (row === undefined)
    return shown(
      day,
      null,
      measureEach(() => none),
    );
  const measures = measureEach((key, objective) => {
    const value = dayValue(objective, row);
    return { value, met: value === null ? null : (stored(row.sloCompliance, key, objective) ?? met(objective, value)) };
  });
  return shown(day, row.totalQueries, measures);
}

/** Columns are rounded, stored verdicts are not. A stored verdict about this objective alone takes precedence. */
function stored(compliance: Compliance | null, key: ObjectiveKey, { indicator }: Objective): Met {
  const alone = Object.values(objectives).filter((other) => other.indicator === indicator).length === 1;
  if (compliance === null || !alone) return null;
  switch (indicator) {
    case 'citation_rate':
      return compliance.citationRateMet;
    case 'cost_per_answer':
      return compliance.costMet;
    case 'relevance':
      return compliance.relevanceMet;
    default:
      return compliance[`${key}Met`] ?? null;
  }
}

function measureEach(measure: (key: ObjectiveKey, objective: Objective) => DayMeasure): ShownDay['measures'] {
  return Object.fromEntries(Object.entries(dailyObjectives).map(([key, objective]) => [key, measure(key, objective)]));
}

function shown(day: Day, answers: number | null, measures: ShownDay['measures']): ShownDay {
  return { day, answers, measures, met: allMet(Object.values(measures).map(({ met: verdict }) => verdict)) };
}
