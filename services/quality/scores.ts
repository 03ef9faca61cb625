/** The quality scores of an answer, and the version of how each is calculated. */

export const qualityScores = ['groundedness', 'answer_relevance', 'context_relevance'] as const;

/**
 * groundedness: whether the passages support what the answer says. answer_relevance: whether the answer addresses the question.
 * context_relevance: whether the passages bear on the question.
 */
export type QualityScore = (typeof qualityScores)[number];

/** 0 to 1, to two decimals. Null: not judged. */
export type QualityValues = Readonly<Record<QualityScore, number | null>>;

/** A new version for every change of a calculation: values and validation figures of two versions are not comparable. */
export const wordsVersions: Readonly<Record<QualityScore, string>> = {
  groundedness: 'words-2',
  answer_relevance: 'words-1',
  context_relevance: 'words-1',
};
