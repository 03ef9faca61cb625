import { expect, test } from 'vitest';
import { createScore } from './score-turn.ts';
import { qualityScores, wordsVersions } from './scores.ts';
import { createTrust, isValidated, shippedValidation, type Validation, votes } from './validation.ts';

const voted = (values: Partial<Validation>): Validation => ({
  score: 'answer_relevance',
  version: wordsVersions.answer_relevance,
  set: votes,
  auc: 0.6,
  low: 0.52,
  high: 0.7,
  answers: 200,
  ...values,
});
const shownBy = (...validations: Validation[]) => createTrust(() => validations);

test('every score ships with the figure of its present version', () => {
  for (const score of qualityScores) expect(shippedValidation(score, wordsVersions[score])).not.toBeNull();
  expect(shippedValidation('answer_relevance', 'words-0')).toBeNull();
});

test('a score whose interval includes chance, or that has no figure, is not validated', () => {
  expect(isValidated(voted({ low: 0.5 }))).toBe(false);
  expect(isValidated(voted({ auc: 0.3, low: 0.2, high: 0.4 }))).toBe(false);
  expect(isValidated(voted({}))).toBe(true);
  expect(isValidated(null)).toBe(false);
});

test('enough votes count more than the shipped figure, a few do not', () => {
  const version = wordsVersions.answer_relevance;
  const chance = voted({ auc: 0.51, low: 0.44, high: 0.58 });
  expect(shownBy()('answer_relevance', version).isShown).toBe(true);
  expect(shownBy(chance)('answer_relevance', version)).toEqual({ validation: chance, isShown: false });
  expect(shownBy({ ...chance, answers: 99 })('answer_relevance', version).isShown).toBe(true);
  expect(shownBy({ ...chance, version: 'words-0' })('answer_relevance', version).isShown).toBe(true);
});

test('a judge is shown until votes contradict it', () => {
  const version = 'judge-1 model';
  expect(shownBy()('judge', version)).toEqual({ validation: null, isShown: true });
  expect(shownBy(voted({ score: 'judge', version, low: 0.45 }))('judge', version).isShown).toBe(false);
});

test('a score that is not validated is kept for comparison but is not the relevance of the answer', async () => {
  const passage = { title: 'Logs', heading: '', text: 'Log files are kept for 30 days.', rank: 1 };
  const answered = {
    query: 'How long are log files kept?',
    answer: 'Log files are kept for 30 days. [1]',
    outcome: 'answered',
    passages: [
      {
        ...passage,
        passageId: '',
        contentId: '',
        contentType: 'material',
        pageNumber: null,
        startSeconds: null,
        paragraphIndex: 0,
        sourceUri: null,
        license: null,
      },
    ],
    wordWeights: null,
  } as const;
  const shown = await createScore(shownBy(), true)(answered);
  expect(shown.relevance).toBe(shown.quality.answer_relevance?.value);
  expect(shown.quality.groundedness).toEqual({ value: 1, version: wordsVersions.groundedness });
  const hidden = await createScore(shownBy(voted({ low: 0.4 })), true)(answered);
  expect(hidden).toEqual({ ...shown, relevance: null });
  expect((await createScore(shownBy(), false)(answered)).relevance).toBeNull();
  expect(await createScore(shownBy(), true)({ ...answered, outcome: 'no_answer' })).toEqual({
    relevance: null,
    quality: {},
  });
});
