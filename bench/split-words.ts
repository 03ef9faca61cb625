/** Splits text into words for the baselines of the retrieval benchmark: NFKC, lower case, Intl.Segmenter. */

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

export function splitWords(text: string): string[] {
  return [...segmenter.segment(text.normalize('NFKC').toLowerCase())]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}
