/** Takes the front matter off a text: the YAML between two lines of three hyphens at its very start. */
import { parseDocument } from 'yaml';
import { SourceError } from '../source-error.ts';
import { type ContentMetadata, contentMetadata, metadataProblems } from './content-metadata.ts';

const fences = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)(?:\r?\n)?^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m;

/** @throws {SourceError} that names every fact with a bad value */
export function splitFrontMatter(source: string): { readonly metadata: ContentMetadata; readonly text: string } {
  const found = fences.exec(source);
  if (found === null || found.index > 0) return { metadata: {}, text: source };
  const yaml = found[1] ?? '';
  // Between two rules may stand any text; front matter is lines of `name: value`.
  if (yaml.trim() !== '' && !/^[\w"'-]+\s*:/m.test(yaml)) return { metadata: {}, text: source };
  return { metadata: parseMetadata(yaml, 'front matter'), text: source.slice(found[0].length) };
}

/**
 * Names may be written in camelCase, snake_case or with hyphens. Names that are none of ours are other tools' and left
 * alone, unless they look like a slip of the pen, since a licence that was told must not get lost.
 * @param where the YAML stands, for messages
 * @throws {SourceError}
 */
export function parseMetadata(yaml: string, where: string): ContentMetadata {
  const document = parseDocument(yaml);
  const broken = document.errors[0];
  if (broken) throw new SourceError(`${where} is not YAML: ${broken.code} at line ${broken.linePos?.[0].line ?? 1}`);
  const value = withoutAliasBomb(() => document.toJS({ maxAliasCount: 10 }), where);
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new SourceError(`${where} is not a list of names and values`);
  const named: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    const ours = ownName(name, where);
    if (ours !== null && each !== null) named[ours] = each;
  }
  const parsed = contentMetadata.safeParse(named);
  if (!parsed.success) throw new SourceError(`${where}: ${metadataProblems(parsed.error, named)}`);
  return parsed.data;
}

/** A few aliases can stand for gigabytes: the library stops there with an error that tells nothing to who wrote them. */
function withoutAliasBomb(read: () => unknown, where: string): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new SourceError(`${where} cannot be read: its aliases (*name) repeat too much; write the values out`);
  }
}

const names: ReadonlyMap<string, string> = new Map(
  Object.keys(contentMetadata.shape).map((name) => [plain(name), name]),
);

/** Other tools have names like these (`published: true`), and no right is lost with them. */
const usualElsewhere = new Set(['publishedAt', 'language']);

/** An end that was told must not get lost either; two metadata of ours tell one, and which is meant is the owner's to say. */
const ofAnEnd = /^(expir(y|es|ed|ation)(at|on|date|s)?|validuntil|validto|usebefore|deleteafter|retention)$/;

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

function ownName(name: string, where: string): string | null {
  const spelled = plain(name);
  const ours = names.get(spelled);
  if (ours !== undefined) return ours;
  if (ofAnEnd.test(spelled)) {
    throw new SourceError(
      `${where}: "${name.slice(0, 40)}" is not known; say retentionYears, how long it may be kept, or accessPolicy: {expiresAt: 2027-03-31}, until when it may be read`,
    );
  }
  for (const [known, meant] of names) {
    if (usualElsewhere.has(meant)) continue;
    if (distance(spelled, known) <= (known.length > 6 ? 2 : 1)) {
      throw new SourceError(`${where}: "${name.slice(0, 40)}" is not known; did you mean ${meant}?`);
    }
  }
  return null;
}

/** Letters to change, add or leave out to get from one word to the other. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
