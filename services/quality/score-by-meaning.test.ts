import { expect, test } from 'vitest';
import type { Embed } from '../chat/embed.ts';
import { createScoreByMeaning } from './score-by-meaning.ts';
import { createScore } from './score-turn.ts';
import { wordsVersions } from './scores.ts';

/** Texts about keeping are alike. */
const embed: Embed = async (texts) => texts.map((text) => Float32Array.from(/kept|keep/.test(text) ? [1, 0] : [0, 1]));
const unreachable: Embed = async () => {
  throw new Error('unreachable');
};
const passages = [
  { title: 'Operations', heading: 'Log files', text: 'Log files are kept for 30 days. Disks are checked at night.' },
];
const input = (answer: string) => ({ query: 'How long do you keep log files?', answer, passages, weights: null });

test('a sentence that means what the question means is more relevant than one beside it', async () => {
  const byMeaning = createScoreByMeaning('use-multilingual', embed);
  const right = await byMeaning?.score(input('Log files are kept for 30 days.'));
  const beside = await byMeaning?.score(input('Disks are checked at night.'));
  expect(right).toBeGreaterThan(beside ?? 1);
  expect(await byMeaning?.score({ ...input(''), passages: [] })).toBeNull();
});

test('a model whose similarities were never compared with labels has no score', () => {
  expect(createScoreByMeaning('another-model', embed)).toBeNull();
});

test('words decide while the embeddings server is unreachable, and the version says so', async () => {
  const retrieved = passages.map((passage) => ({
    ...passage,
    passageId: 'p',
    contentId: 'c',
    contentType: 'material' as const,
    pageNumber: null,
    startSeconds: null,
    paragraphIndex: 0,
    sourceUri: null,
    license: null,
    rank: 1,
  }));
  const answered = { query: 'How long do you keep log files?', answer: 'Log files are kept for 30 days. [1]' };
  const versionWith = async (of: Embed) => {
    const score = createScore(
      () => ({ validation: null, isShown: true }),
      true,
      createScoreByMeaning('use-multilingual', of),
    );
    const { quality } = await score({ ...answered, outcome: 'answered', passages: retrieved, wordWeights: null });
    return quality.answer_relevance?.version;
  };
  expect(await versionWith(embed)).toBe('meaning-1 use-multilingual');
  expect(await versionWith(unreachable)).toBe(wordsVersions.answer_relevance);
});
