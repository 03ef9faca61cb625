/** Decides whether a text contains an excerpt: the check behind every valid citation. */

const wide = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3000-\\u303f\\uff00-\\uffef]';
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
const beside = new RegExp(`(?<=${wide})\\s+|\\s+(?=${wide})`, 'gu');

/**
 * The form in which texts are compared: NFKC (half-width kana and full-width digits equal their usual forms),
 * white space folded to one space, or to nothing next to Japanese, because lines of Japanese are
 * broken anywhere. Typographic quotes, apostrophes and dashes become their plain forms, 『』 becomes 「」 (a quote inside a
 * quote is written so), and invisible characters are removed. Case matters.
 */
export function foldExcerpt(text: string): string {
  return text
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[‐‑‒–—―]/g, '-')
    .replaceAll('『', '「')
    .replaceAll('』', '」')
    .replace(beside, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** False for an excerpt without a visible character. */
export function containsExcerpt(text: string, excerpt: string): boolean {
  return isFoldedIn(foldExcerpt(excerpt), foldExcerpt(text));
}

/** As `containsExcerpt`, for folded texts. */
export function isFoldedIn(excerpt: string, text: string): boolean {
  return excerpt !== '' && text.includes(excerpt);
}

const lineBreak = /\s*\n\s*/g;
const breakBesideWide = new RegExp(`(?<=${wide})\n|\n(?=${wide})`, 'gu');

/** Text on one line, for display: white space folded as above, nothing else changed. */
export function onOneLine(text: string): string {
  const broken = text.includes('\n') ? text.replace(lineBreak, '\n').replace(breakBesideWide, '') : text;
  return broken.replace(/\s+/g, ' ').trim();
}
