/** Maps the names that front matter uses, ours and other tools', to the metadata of a document. */
import { parseLicense } from '../../provenance/license-names.ts';
import { SourceError } from '../source-error.ts';
import { type ContentMetadata, contentMetadata, metadataProblems } from './content-metadata.ts';

export type StatedMetadata = {
  readonly metadata: ContentMetadata;
  /** Fields that were ignored, and why. None of them states a right. */
  readonly warnings: readonly string[];
};

const ownNames: ReadonlyMap<string, string> = new Map(
  Object.keys(contentMetadata.shape).map((name) => [plain(name), name]),
);

/** Names of other tools, the most specific first; ours come before them. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  license: [
    'licence',
    'licenses',
    'licences',
    'spdxlicenseidentifier',
    'spdx',
    'contentlicense',
    'licenseurl',
    'dclicense',
  ],
  rightsHolder: ['copyrightholder', 'rightsowner', 'dcrightsholder'],
  publishedAt: [
    'published',
    'publishedon',
    'datepublished',
    'publisheddate',
    'publishdate',
    'publicationdate',
    'pubdate',
    'date',
  ],
  language: ['lang', 'locale', 'dclanguage'],
};
/** Fields that may hold a licence or any other text. */
const mayBeLicense = ['rights', 'copyright', 'dcrights'];
/** Tools use these names in their own ways, and no right depends on them: a value that is not understood is ignored. */
const lenient = new Set(['title', 'publishedAt', 'language']);
/** Static site generators keep the fields of a theme in one of these. */
const nestedIn = ['extra', 'params', 'metadata', 'meta'];

/** An end must not be lost either, and only the author knows which of ours is meant. */
const ofAnEnd = /^(expir(y|es|ed|ation)(at|on|date|s)?|validuntil|validto|usebefore|deleteafter|retention)$/;

/**
 * Names may be written in camelCase, snake_case or with hyphens. Unknown names belong to other tools and are ignored, unless they
 * look like a misspelling: a stated licence must not be lost.
 * @param where the metadata was found, for messages
 * @throws {SourceError} that names every field with an invalid value
 */
export function readStatedMetadata(value: unknown, where: string): StatedMetadata {
  if (value === null || value === undefined) return { metadata: {}, warnings: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new SourceError(`${where} is not a list of names and values`);
  }
  const fields = flat(value as Record<string, unknown>);
  const stated: Record<string, unknown> = {};
  for (const [name, each] of fields) {
    const ours = ownNames.get(plain(name)) ?? null;
    if (ours !== null) stated[ours] = each;
    else refuseMisspelling(name, where);
  }
  const warnings: string[] = [];
  const byName = new Map([...fields].map(([name, each]) => [plain(name), each]));
  for (const [ours, others] of Object.entries(aliases)) {
    const alias = others.find((name) => byName.has(name) && isUsable(ours, byName.get(name)));
    if (stated[ours] === undefined && alias !== undefined) stated[ours] = byName.get(alias);
  }
  for (const name of mayBeLicense) {
    const rights = byName.get(name);
    if (stated.license !== undefined || typeof rights !== 'string') continue;
    if (parseLicense(rights) !== null) stated.license = rights;
    else warnings.push(`${where}: "${name}" names no known licence and is ignored`);
  }
  for (const name of lenient) {
    const parsed = contentMetadata.safeParse({ [name]: stated[name] });
    if (stated[name] === undefined || parsed.success) continue;
    warnings.push(`${where}: ignored, because ${metadataProblems(parsed.error, { [name]: stated[name] })}`);
    delete stated[name];
  }
  const parsed = contentMetadata.safeParse(stated);
  if (!parsed.success) throw new SourceError(`${where}: ${metadataProblems(parsed.error, stated)}`);
  return { metadata: parsed.data, warnings };
}

/** Fields without a value count as absent. Fields at the top come before nested ones. */
function flat(value: Record<string, unknown>): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  const add = (from: Record<string, unknown>) => {
    for (const [name, each] of Object.entries(from)) {
      const empty = each === null || each === undefined || (typeof each === 'string' && each.trim() === '');
      const known = [...fields.keys()].some((other) => plain(other) === plain(name));
      if (!empty && !known) fields.set(name, each instanceof Date ? each.toISOString() : each);
    }
  };
  add(value);
  for (const name of nestedIn) {
    const nested = value[name];
    if (typeof nested !== 'object' || nested === null || Array.isArray(nested) || nested instanceof Date) continue;
    const ours = Object.entries(nested).filter(([each]) => isOurs(plain(each)));
    add(Object.fromEntries(ours));
  }
  return fields;
}

function isOurs(name: string): boolean {
  return (
    ownNames.has(name) || mayBeLicense.includes(name) || Object.values(aliases).some((each) => each.includes(name))
  );
}

/** `published: true` is a switch of a blog, not a date. */
function isUsable(ours: string, value: unknown): boolean {
  return ours !== 'publishedAt' || typeof value === 'string';
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_:.-]/g, '');
}

function refuseMisspelling(name: string, where: string): void {
  const spelled = plain(name);
  if (ofAnEnd.test(spelled)) {
    throw new SourceError(
      `${where}: "${name.slice(0, 40)}" is ambiguous; use retentionYears (how long it may be kept) or accessPolicy: {expiresAt: 2027-03-31} (until when it may be read)`,
    );
  }
  if (isOurs(spelled)) return;
  for (const [known, meant] of ownNames) {
    if (lenient.has(meant)) continue;
    if (distance(spelled, known) <= (known.length > 6 ? 2 : 1)) {
      throw new SourceError(`${where}: "${name.slice(0, 40)}" is not known; did you mean ${meant}?`);
    }
  }
}

/** The Levenshtein distance, infinite where it exceeds two. */
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
