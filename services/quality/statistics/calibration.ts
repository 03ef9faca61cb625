/** Whether a score means what it says: the share of right answers at each level of the score. */
import type { Labelled } from './auc.ts';

export type CalibrationBin = {
  /** The scores of the bin: from (inclusive) to (exclusive, the last bin inclusive). */
  readonly from: number;
  readonly to: number;
  readonly answers: number;
  readonly meanScore: number;
  /** 0 to 1. */
  readonly shareRight: number;
};

export type Calibration = {
  /** Bins without answers are left out. */
  readonly bins: readonly CalibrationBin[];
  /** The mean distance between score and share of right answers, weighted by answers: 0 is perfect. Null: no answers. */
  readonly error: number | null;
};

/** @param count number of bins of equal width over 0 to 1 */
export function calibrate(labelled: readonly Labelled[], count = 5): Calibration {
  const bins = Array.from({ length: count }, (_, index) => {
    const inside = labelled.filter(({ score }) => Math.min(count - 1, Math.floor(score * count)) === index);
    return {
      from: index / count,
      to: (index + 1) / count,
      answers: inside.length,
      meanScore: mean(inside.map(({ score }) => score)),
      shareRight: mean(inside.map(({ right }) => Number(right))),
    };
  }).filter(({ answers }) => answers > 0);
  const distance = bins.reduce(
    (sum, { answers, meanScore, shareRight }) => sum + answers * Math.abs(meanScore - shareRight),
    0,
  );
  return { bins, error: labelled.length === 0 ? null : distance / labelled.length };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
