/** Labels refer to a part of a paragraph of a manual, because the text of the manuals is not part of the repository. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { load } from 'cheerio';

/** A part of a paragraph: the beginning of the SHA-256 of its folded text, and a range of that text in UTF-16 units. */
export type Part = { readonly paragraph: string; readonly start: number; readonly end: number };

/** Normalises text for comparing labels with passages: NFKC, each run of white space as one space. */
export function fold(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

function idOfParagraph(folded: string): string {
  return createHash('sha256').update(folded).digest('hex').slice(0, 12);
}

/** Returns the folded text of a part of a page; null: the page has no such paragraph. Reads each page once. */
export function createPartReader(): (page: string, part: Part) => Promise<string | null> {
  const pages = new Map<string, Promise<ReadonlyMap<string, string>>>();
  return async (page, { paragraph, start, end }) => {
    const paragraphs = pages.get(page) ?? readParagraphs(page);
    pages.set(page, paragraphs);
    return (await paragraphs).get(paragraph)?.slice(start, end) ?? null;
  };
}

// Without headings: a label must match the text of an answer, not its title.
const blocks = 'p, li, dt, dd, td, th, pre';

/** Folded paragraphs by their ids. A page that is missing has none. */
async function readParagraphs(page: string): Promise<ReadonlyMap<string, string>> {
  const html = await readFile(page).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  const $ = load(html);
  const paragraphs = new Map<string, string>();
  // In reverse order, so that nested paragraphs are removed from a list item before it is read.
  for (const block of $(blocks).toArray().reverse()) {
    const text = fold($(block).text());
    paragraphs.set(idOfParagraph(text), text);
    $(block).remove();
  }
  return paragraphs;
}
