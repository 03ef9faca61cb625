/** Splits the front matter off a text: YAML, TOML or JSON at its very start. */
import { runIsolated } from '../readers/parser-pool.ts';
import { SourceError } from '../source-error.ts';
import type { StatedMetadata } from './metadata-names.ts';
import type { MetadataLanguage, MetadataText } from './parse-metadata.ts';

/** Characters of front matter, and bytes of a companion file. */
export const maxMetadata = 64 * 1024;

type Found = { readonly language: MetadataLanguage; readonly text: string; readonly end: number };

/** @throws {SourceError} that names every field with an invalid value */
export async function splitFrontMatter(source: string): Promise<StatedMetadata & { readonly text: string }> {
  const found = findFrontMatter(source);
  if (found === null) return { metadata: {}, warnings: [], text: source };
  const stated = await parseIsolated({ language: found.language, text: found.text, where: 'front matter' });
  return { ...stated, text: source.slice(found.end) };
}

/** In the parser process, under its limits. @throws {SourceError} */
export function parseIsolated(input: MetadataText): Promise<StatedMetadata> {
  return runIsolated<StatedMetadata>(new URL('./parse-metadata.ts', import.meta.url), 'parseMetadata', input);
}

const languages: Readonly<Record<string, MetadataLanguage | undefined>> = {
  '---': 'yaml',
  '---yaml': 'yaml',
  '---toml': 'toml',
  '---json': 'json',
  '+++': 'toml',
  ';;;': 'json',
};

/** In one pass over its lines. Null: the text has none. @throws {SourceError} where it is longer than the limit */
export function findFrontMatter(source: string): Found | null {
  let start = source.startsWith('\ufeff') ? 1 : 0;
  while (start < maxMetadata && /[\r\n]/.test(source[start] ?? '')) start++;
  if (source[start] === '{') return findJson(source, start);
  const first = lineAt(source, start);
  const opening = first.text.trimEnd().replace(/^---[ \t]+/, '---');
  const language = languages[opening];
  if (language === undefined) return null;
  const fence = opening.slice(0, 3);
  for (let at = first.next; at < source.length; ) {
    if (at - start > maxMetadata) {
      if (looksLikeMetadata(source.slice(first.next, first.next + 1_000), language)) throw tooLong();
      return null;
    }
    const line = lineAt(source, at);
    const text = line.text.trimEnd();
    if (text === fence || (text === '...' && fence === '---')) {
      const inner = source.slice(first.next, at);
      return inner.trim() === '' || looksLikeMetadata(inner, language)
        ? { language, text: inner, end: line.next }
        : null;
    }
    at = line.next;
  }
  return null;
}

/** A line is not longer than the front matter may be. */
function lineAt(source: string, start: number): { text: string; next: number } {
  const end = source.indexOf('\n', start);
  const next = end === -1 ? source.length : end + 1;
  return { text: source.slice(start, Math.min(next, start + maxMetadata)).replace(/\r?\n$/, ''), next };
}

/** Any text may stand between two horizontal rules; front matter has lines of names and values. */
function looksLikeMetadata(text: string, language: MetadataLanguage): boolean {
  if (language === 'yaml') return /^["']?[\p{L}\w][\p{L}\w "'.-]{0,80}:(?:\s|$)/mu.test(text);
  return language === 'toml' ? /^\s*(?:\[|["'\w])/m.test(text) : /^\s*\{/.test(text);
}

/** An object of JSON that begins the text, with a name in quotes: `{{ macro }}` and `{#id}` are text. */
function findJson(source: string, start: number): Found | null {
  if (!/^\{\s{0,200}"[^"\n]{1,80}"\s{0,20}:/.test(source.slice(start, start + 400))) return null;
  let depth = 0;
  let quoted = false;
  for (let at = start; at < source.length; at++) {
    if (at - start > maxMetadata) throw tooLong();
    const sign = source[at];
    if (quoted) {
      if (sign === '\\') at++;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === '{') depth++;
    else if (sign === '}' && --depth === 0) {
      return { language: 'json', text: source.slice(start, at + 1), end: lineAt(source, at + 1).next };
    }
  }
  return null;
}

function tooLong(): SourceError {
  return new SourceError(
    `has front matter of more than ${maxMetadata / 1024} KB; shorten it, or close it with its fence`,
  );
}
