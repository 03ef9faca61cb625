/** Plain in-memory BM25: a baseline of the benchmark, and the reference for tests of the SQL implementation. */

type InMemoryBm25 = {
  /** Indexes and scores of the texts with any of the words, best first; equal scores in the order of the texts. */
  search(words: readonly string[], limit: number): readonly { readonly index: number; readonly score: number }[];
};

const k1 = 1.2;
const b = 0.75;

/** @param texts the words of each text, including repetitions */
export function createBm25(texts: readonly (readonly string[])[]): InMemoryBm25 {
  const postings = new Map<string, Map<number, number>>();
  for (const [index, words] of texts.entries()) {
    for (const word of words) {
      const places = postings.get(word) ?? new Map<number, number>();
      postings.set(word, places.set(index, (places.get(index) ?? 0) + 1));
    }
  }
  const mean = texts.reduce((sum, words) => sum + words.length, 0) / Math.max(1, texts.length);
  return {
    search(words, limit) {
      const scores = new Map<number, number>();
      for (const word of new Set(words)) {
        const places = postings.get(word) ?? new Map<number, number>();
        const idf = Math.log(1 + (texts.length - places.size + 0.5) / (places.size + 0.5));
        for (const [index, times] of places) {
          const length = texts[index]?.length ?? 0;
          const gain = (idf * times * (k1 + 1)) / (times + k1 * (1 - b + (b * length) / mean));
          scores.set(index, (scores.get(index) ?? 0) + gain);
        }
      }
      return [...scores]
        .map(([index, score]) => ({ index, score }))
        .sort((one, other) => other.score - one.score || one.index - other.index)
        .slice(0, limit);
    },
  };
}
