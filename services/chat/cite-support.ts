/** Measures by words how well one text supports another, in Japanese and English. */

// Words of English that say nothing about the subject.
const empty = new Set(
  (
    'a an the this that these those it its is are was were be been being am do does did done have has had having of in on at to for ' +
    'from by with without as and or but not no nor if then than so such what which who whom whose when where why how can could ' +
    'will would shall should may might must there here i you he she we they my your his her our their me him us them about into ' +
    'over under up out all any each some more most other also just only very s t'
  ).split(' '),
);
const word = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]+(?:['’][a-z]+)?|\d+(?:[.,]\d+)*/gu;
const ideographs = /[\p{Script=Han}々]+|[\p{Script=Katakana}ー]+|\p{Script=Hangul}+/gu;

/**
 * The words a text is about: English words without their endings, numbers, and pairs of neighbouring Japanese characters.
 * Hiragana is left out: it holds the grammar, not the subject.
 */
export function subjectTerms(text: string): ReadonlySet<string> {
  const plain = text.normalize('NFKC').toLowerCase();
  const terms = new Set<string>();
  for (const [found] of plain.matchAll(word)) if (!empty.has(found)) terms.add(stem(found));
  for (const [run] of plain.matchAll(ideographs)) {
    const letters = [...run];
    if (letters.length === 1) terms.add(run);
    for (let i = 0; i + 1 < letters.length; i += 1) terms.add(`${letters[i]}${letters[i + 1]}`);
  }
  return terms;
}

function stem(found: string): string {
  if (/^\d/.test(found)) return found.replace(/,(?=\d{3}\b)/g, '');
  const bare = found.replace(/['’][a-z]+$/, '');
  if (bare.length <= 3) return bare;
  return bare
    .replace(/(?<=[a-z]{2})ies$/, 'y')
    .replace(/(?<=[a-z]{2}(?:s|x|ch|sh))es$/, '')
    .replace(/(?<=[a-z]{2}[^su])s$/, '')
    .replace(/(?<=[a-z]{3})(?:ing|ed)$/, '')
    .replace(/(?<=[a-z]{3})e$/, '');
}

/** Share, 0 to 1, of `wanted` that is in `given`; 0 where nothing is wanted. */
export function coverage(wanted: ReadonlySet<string>, given: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0;
  let found = 0;
  for (const term of wanted) if (given.has(term)) found += 1;
  return found / wanted.size;
}

/** The part of terms that are numbers: what a claim most often gets wrong and a reader most often checks. */
export function numbersOf(terms: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...terms].filter((term) => /^\d/.test(term)));
}
