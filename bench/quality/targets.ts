/** What each quality score has to separate. */
import type { QualityScore } from '../../services/quality/scores.ts';
import type { Labelled } from '../../services/quality/statistics/auc.ts';
import type { LabelledAnswer } from './read-set.ts';

type Target = { readonly title: string; readonly isRight: (answer: LabelledAnswer) => boolean };

export const targets: Readonly<Record<QualityScore, Target>> = {
  groundedness: {
    title: 'supported answers from unsupported and wrong ones',
    isRight: ({ supported }) => supported,
  },
  answer_relevance: { title: 'right answers from all others', isRight: ({ label }) => label === 'right' },
  context_relevance: { title: 'right answers from all others', isRight: ({ label }) => label === 'right' },
};

/** Answers that have the score, with their label. */
export function labelled(
  scored: readonly { readonly answer: LabelledAnswer; readonly value: number | null }[],
  score: QualityScore,
): readonly Labelled[] {
  return scored.flatMap(({ answer, value }) =>
    value === null ? [] : [{ score: value, right: targets[score].isRight(answer), question: answer.question }],
  );
}
