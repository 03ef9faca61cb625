/**
 * PROGRAM: reads real PDFs, manuals of Debian in English and Japanese, and compares them word by word with the text that the PDF
 * library reports. Prints recall, order, time and memory; fails below the targets. Needs `apt-get` and a network.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openPdf } from '../../services/sources/readers/pdf/open-pdf.ts';
import { readByFormat } from '../../services/sources/readers/read-by-format.ts';
import { cleanText } from '../../services/sources/text/fold-space.ts';
import { describeLeftOut } from '../../services/sources/text/left-out.ts';

const packages = ['debian-policy', 'debian-reference-ja', 'maint-guide-ja'];
/** Rows of tables count as running text here where they begin with a small letter, so the order is a little better than its figure. */
const least = { recall: 0.99, order: 0.92 };
const folder = join(import.meta.dirname, '../../.data/documents');

let failed = false;
for (const path of [...download(), ...globSync(join(import.meta.dirname, '../../samples/*.pdf'))]) {
  const packed = readFileSync(path);
  const bytes = path.endsWith('.gz') ? gunzipSync(packed) : packed;
  const pages = await referencePages(bytes);
  const begun = performance.now();
  const { blocks, leftOut = [] } = await readByFormat({ format: 'pdf', bytes });
  const ms = Math.round(performance.now() - begun);
  const { recall, order } = compare(pages, blocks.map(({ text }) => text).join('\n'));
  failed ||= recall < least.recall || order < least.order;
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${path.split('/').at(-1)}: ${pages.length} pages, word recall ${recall.toFixed(3)}, order ${order.toFixed(3)}, ${ms} ms, peak ${peak} MiB so far` +
      leftOut.map((each) => `\n  left out: ${describeLeftOut(each)}`).join(''),
  );
}
process.exit(failed ? 1 : 0);

function download(): readonly string[] {
  mkdirSync(folder, { recursive: true });
  for (const name of packages) {
    if (globSync(join(folder, `${name}_*.deb`)).length > 0) continue;
    execFileSync('apt-get', ['download', name], { cwd: folder, stdio: 'ignore' });
    const [archive = ''] = globSync(join(folder, `${name}_*.deb`));
    execFileSync('dpkg-deb', ['-x', archive, join(folder, 'unpacked')]);
  }
  return globSync(join(folder, 'unpacked/**/*.pdf{,.gz}')).sort();
}

/** Lines as the library reports them. */
async function referencePages(bytes: Uint8Array): Promise<readonly (readonly string[])[]> {
  const loading = await openPdf(bytes);
  const document = await loading.promise;
  const pages: string[][] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
    pages.push(cleanText(text).split('\n'));
  }
  await loading.destroy();
  return pages;
}

/** Lines that repeat on several pages, and those of a table of contents, may be left out: they are counted in the report. */
function compare(pages: readonly (readonly string[])[], text: string): { recall: number; order: number } {
  const keyOf = (line: string) => line.replace(/\d+/g, '#').replace(/\s+/g, '');
  const repeated = new Map<string, number>();
  for (const page of pages) for (const key of new Set(page.map(keyOf))) repeated.set(key, (repeated.get(key) ?? 0) + 1);
  const lines = pages.map((page) =>
    page.filter(
      (line) =>
        (repeated.get(keyOf(line)) ?? 0) < 3 && !/(?:\. ?){4}|…/.test(line) && !/^[\divxlc]*$/i.test(line.trim()),
    ),
  );
  const available = new Map<string, number>();
  for (const word of wordsOf(text)) available.set(word, (available.get(word) ?? 0) + 1);
  let words = 0;
  let found = 0;
  for (const word of lines.flatMap((page) => wordsOf(page.join('\n').replace(/(\p{L})-\n(\p{Ll})/gu, '$1$2')))) {
    words++;
    const left = available.get(word) ?? 0;
    if (left > 0) found++;
    available.set(word, left - 1);
  }
  const plain = text.replace(/[\s|…]+/g, '');
  const joins = lines.flatMap((page) =>
    page.flatMap((line, at): boolean[] => {
      const next = page[at + 1] ?? '';
      // Running text: a sentence that goes on in the next line.
      if (line.length < 30 || next.length < 20 || /[.。:：]\s*$/.test(line) || !runsOn(line, next)) return [];
      const end = line.trimEnd().replace(/\s+/g, '');
      const begin = next.replace(/\s+/g, '').slice(0, 8);
      return [plain.includes(end.slice(-8) + begin) || plain.includes(end.slice(-8, -1) + begin)];
    }),
  );
  return { recall: found / Math.max(1, words), order: joins.filter(Boolean).length / Math.max(1, joins.length) };
}

/** Rows of tables begin with small letters, too: in Japanese manuals the names of commands. */
function runsOn(line: string, next: string): boolean {
  const isJapanese = /[ぁ-ん]/.test(line + next);
  return isJapanese ? /[ぁ-ん一-龠]\s*$/.test(line) && /^[ぁ-ん]/.test(next) : /^[a-z]/.test(next);
}

function wordsOf(text: string): readonly string[] {
  return text.normalize('NFKC').match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[A-Za-z0-9]+/gu) ?? [];
}
