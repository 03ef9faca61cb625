/** The days of the metrics page, without gaps up to today, each compared with every objective. */
import { addDays, type Day } from '../../../../rollup/day.ts';
import type { DayReport } from '../../../../rollup/day-report.ts';
import type { History, HistoryDay } from '../../../../rollup/history.ts';
import { type ObjectiveKey, objectives } from '../../../../slo/objectives.ts';
import { allMet, type Compliance, type Measured, type Met, met } from '../../../../slo/verdict.ts';

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

export const objectiveKeys = Object.keys(objectives) as ObjectiveKey[];

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
      measureEach(() => ({ value: null, met: null })),
    );
  const values = inUnits(row);
  const measures = measureEach((key) => {
    const value = values[key];
    return { value, met: value === null ? null : (stored(row.sloCompliance, key) ?? met(objectives[key], value)) };
  });
  return shown(day, row.totalQueries, measures);
}

/** Columns are rounded, stored verdicts are not. A stored verdict about this objective alone takes precedence. */
function stored(compliance: Compliance | null, key: ObjectiveKey): Met {
  switch (key) {
    case 'citationRate':
      return compliance?.citationRateMet ?? null;
    case 'costPerAnswer':
      return compliance?.costMet ?? null;
    case 'relevance':
      return compliance?.relevanceMet ?? null;
    default:
      return null;
  }
}

function inUnits(row: HistoryDay): Measured {
  const scaled = (value: number | null, divisor: number) => (value === null ? null : value / divisor);
  return {
    citationRate: scaled(row.citationRate, 100),
    latencyP50: scaled(row.latencyP50Ms, 1_000),
    latencyP95: scaled(row.latencyP95Ms, 1_000),
    costPerAnswer: row.costPerAnswer,
    relevance: row.averageRelevanceScore,
    errorRate: row.errorRate,
  };
}

function measureEach(measure: (key: ObjectiveKey) => DayMeasure): ShownDay['measures'] {
  return Object.fromEntries(objectiveKeys.map((key) => [key, measure(key)])) as Record<ObjectiveKey, DayMeasure>;
}

function shown(day: Day, answers: number | null, measures: ShownDay['measures']): ShownDay {
  return { day, answers, measures, met: allMet(objectiveKeys.map((key) => measures[key].met)) };
}
