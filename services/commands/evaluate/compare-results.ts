/** Decides which measures became worse than in the baseline, beyond chance. */
import { comparePaired, holm, type PairedComparison } from '../../quality/statistics/paired.ts';
import { type Measure, type MeasureKey, measureKeys, measures } from './measures.ts';
import { meanOf, type Results, valuesOf } from './results.ts';

export type MeasureComparison = PairedComparison & {
  readonly key: MeasureKey;
  readonly baseline: number;
  readonly candidate: number;
  readonly verdict: 'worse' | 'better' | 'no change beyond chance';
  /** Questions whose value became worse, for the report. */
  readonly worseIds: readonly string[];
};

/** The chance that a run without any change is called worse, over all measures together. */
const falseAlarms = 0.05;

/**
 * Four of five accepted false alarms belong to the correct outcome, which concerns every labelled question and notices a change
 * soonest. The rest is shared by all other measures (Holm's method).
 */
const ofCorrect = 0.8;

export function compareResults(baseline: Results, candidate: Results): readonly MeasureComparison[] {
  const compared = measureKeys.flatMap((key) => {
    const isSameScore = baseline.scoreVersions[key] === candidate.scoreVersions[key];
    const found = isSameScore ? compareMeasure(key, baseline, candidate) : null;
    return found === null ? [] : [found];
  });
  const worse = decide(compared, ({ worseByChance }) => worseByChance);
  const better = decide(compared, ({ betterByChance }) => betterByChance);
  return compared.map((each) => {
    const verdict = worse.has(each.key) ? 'worse' : better.has(each.key) ? 'better' : 'no change beyond chance';
    return { ...each, verdict };
  });
}

type Undecided = Omit<MeasureComparison, 'verdict'>;

function decide(compared: readonly Undecided[], chanceOf: (each: Undecided) => number): ReadonlySet<MeasureKey> {
  const main = compared.find(({ key }) => key === 'correct');
  const others = compared.filter((each) => each !== main);
  const found = holm(others.map(chanceOf), main === undefined ? falseAlarms : falseAlarms * (1 - ofCorrect));
  const keys = others.filter((_, index) => found[index]).map(({ key }) => key);
  return new Set(main !== undefined && chanceOf(main) <= falseAlarms * ofCorrect ? [main.key, ...keys] : keys);
}

function compareMeasure(key: MeasureKey, baseline: Results, candidate: Results): Undecided | null {
  const measure: Measure = measures[key];
  const before = valuesOf(baseline, key);
  const pairs = [...valuesOf(candidate, key)].flatMap(([id, now]) => {
    const then = before.get(id);
    return then === undefined ? [] : [{ id, then, now }];
  });
  const mean = meanOf(new Map(pairs.map(({ id, then }) => [id, then])));
  if (mean === null) return null;
  const tolerance = Math.max(measure.tolerance.least, measure.tolerance.part * Math.abs(mean));
  const values = pairs.map(({ then, now }) => [then, now] as const);
  const compared = comparePaired(values, { direction: measure.better, tolerance });
  if (compared === null) return null;
  const isWorse = ({ then, now }: { then: number; now: number }) =>
    measure.better === 'higher' ? now < then : now > then;
  return {
    ...compared,
    key,
    baseline: mean,
    candidate: mean + compared.difference,
    worseIds: pairs.filter(isWorse).map(({ id }) => id),
  };
}
