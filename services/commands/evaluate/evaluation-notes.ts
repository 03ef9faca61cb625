/** Says in words what limits the figures of an evaluation. */
import { qualityScores } from '../../quality/scores.ts';
import { isValidated, shippedValidation } from '../../quality/validation.ts';
import { count } from '../../runtime/console.ts';
import { formatValue } from './format-value.ts';
import { type Measure, measureKeys, measures } from './measures.ts';
import { type Results, valuesOf } from './results.ts';
import { changedByChance, smallestDifference } from './smallest-difference.ts';

/** One sentence or two each. */
export function notesOf(results: Results, baseline: Results | null): readonly string[] {
  const notes = qualityScores.flatMap((score) => {
    const validation = shippedValidation(score);
    if (isValidated(validation)) return [];
    const figure =
      validation === null
        ? 'it has no validation figure'
        : `AUC ${validation.auc.toFixed(2)}, ${validation.low.toFixed(2)} to ${validation.high.toFixed(2)}`;
    return [`${measures[score].title} is not validated (${figure}): it does not show whether an answer is right.`];
  });
  notes.push(powerNote(results, baseline));
  if (baseline === null) return notes;
  const known = new Set(baseline.questions.map(({ id }) => id));
  const fresh = results.questions.filter(({ id }) => !known.has(id)).length;
  if (fresh > 0) notes.push(`${count(fresh, 'question')} of the set are not in the baseline and are not compared.`);
  const unknown = measureKeys.filter(
    (key) => (measures[key] as Measure).unit !== 'score' && valuesOf(results, key).size === 0,
  );
  if (unknown.length > 0) notes.push(`Not measured: ${unknown.map((key) => measures[key].title).join('; ')}.`);
  return notes;
}

function powerNote(results: Results, baseline: Results | null): string {
  const points = (questions: number, changed: number) =>
    `${formatValue(smallestDifference(questions, changed), 'share').replace(' %', '')} points`;
  if (baseline === null) {
    const labelled = valuesOf(results, 'correct').size;
    if (labelled === 0) return 'No question is labelled, so a comparison cannot show a loss of correct outcomes.';
    return `A comparison over ${count(labelled, 'labelled question')} detects a loss of ${points(labelled, 0)} of correct outcomes in 8 of 10 runs if answers do not vary by chance, and of ${points(labelled, 0.04)} if 4 in 100 do.`;
  }
  const { questions, changed } = changedByChance(baseline, results);
  if (questions === 0) return 'No labelled question is in both runs, so a loss of correct outcomes cannot be seen.';
  const varied = changed === 0 ? 'none' : formatValue(changed, 'share');
  return `The smallest loss of correct outcomes that ${count(questions, 'question')} show in 8 of 10 runs is ${points(questions, changed)} (outcomes that changed by chance: ${varied}). A smaller loss can pass.`;
}
