/** Rewrites the marks by which an answer names a document (`[policy-returns]`, `<source id="7a">`) to the document's number. */
import type { ExternalDocument } from './external-turn.ts';

const bracketed = /(?<!\])[[【［]([^[\]【】［］\n]{1,300})[\]】］](?:\((https?:\/\/[^\s()]+)\))?/gu;
const tagged =
  /<(?:source|doc|document|cite|citation|ref)\s+(?:id|ids|source|name)?\s*=?\s*["']?([^"'<>\n]{1,300}?)["']?\s*\/?>(?:<\/(?:source|doc|document|cite|citation|ref)>)?/giu;
const labelled = /[(（](?:source|sources|出典|参照|資料)\s*[:：]\s*([^()（）\n]{1,300})[)）]/giu;
const number = /^[0-9０-９]{1,2}$/u;

/** Numbers alone stay: they count the documents already. What names no document stays too, letter for letter. */
export function numberDocumentMarks(answer: string, documents: readonly ExternalDocument[]): string {
  const numbers = namesOf(documents);
  const numbered = (written: string): string | null => {
    const names = written.split(/\s*[,;、；]\s*/u).map((name) => name.trim());
    if (names.some((name) => number.test(name))) return null;
    const found = names.map((name) => numbers.get(fold(name)) ?? numbers.get(fold(name.replace(/#[^#]*$/u, ''))));
    return found.every((each) => each !== undefined) ? found.map((each) => `[${each}]`).join('') : null;
  };
  return answer
    .replace(bracketed, (whole: string, inside: string, url: string | undefined) => {
      if (url === undefined) return numbered(inside) ?? whole;
      const linked = numbers.get(fold(url));
      if (linked === undefined) return whole;
      // `[2](https://…)` is a mark; `[Returns](https://…)` is a word of the sentence that has one.
      return number.test(inside.trim()) ? `[${linked}]` : `${whole}[${linked}]`;
    })
    .replace(tagged, (whole: string, inside: string) => numbered(inside) ?? whole)
    .replace(labelled, (whole: string, inside: string) => numbered(inside) ?? whole);
}

/** The ids, addresses, titles and file names that name exactly one document. */
function namesOf(documents: readonly ExternalDocument[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, Set<number>>();
  documents.forEach(({ id, url, title }, index) => {
    for (const name of [id, url, title, url?.split(/[?#]/, 1)[0]?.split('/').at(-1)]) {
      if (!name || fold(name) === '') continue;
      const known = numbers.get(fold(name)) ?? new Set();
      numbers.set(fold(name), known.add(index + 1));
    }
  });
  // Passages of one document share its title: the first stands for them.
  return new Map([...numbers].map(([name, found]) => [name, Math.min(...found)]));
}

function fold(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().replace(/\/$/, '');
}
