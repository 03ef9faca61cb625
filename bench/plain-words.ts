/** Words as the baselines of the retrieval benchmark see them: NFKC, lower case, Intl.Segmenter, nothing more. */

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

export function plainWords(text: string): string[] {
  return [...segmenter.segment(text.normalize('NFKC').toLowerCase())]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}
