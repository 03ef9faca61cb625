/** Opens an Office file: its parts and their relationships (ECMA-376, part 2: Open Packaging Conventions). */
import { posix } from 'node:path';
import type { XmlElement } from '@rgrove/parse-xml';
import { SourceError, SourceUnreadable } from '../../source-error.ts';
import { readZip } from '../read-zip.ts';
import { elementsNamed } from '../xml-elements.ts';
import { parsePart } from './xml-parts.ts';

export type Relation = {
  readonly id: string;
  /** The last word of its type: `worksheet`, `notesSlide`. Transitional and strict files differ in what stands before it. */
  readonly kind: string;
  /** A part of the same file. */
  readonly target: string;
};

export type OfficePackage = {
  /** Path of the root part: a workbook, a presentation, a document. */
  readonly main: string;
  /** @throws {SourceError} where it is missing */
  readonly part: (path: string) => Uint8Array;
  /** Relationships of a part; empty where it has none. */
  readonly relations: (path: string) => readonly Relation[];
};

export type OfficeKind = {
  /** For messages: `an Excel workbook`. */
  readonly name: string;
  /** What the content type of its main part contains: `spreadsheetml`. */
  readonly type: string;
  /** Its extension without macros. */
  readonly extension: string;
};

/** How often each byte may be read: an honest file names each part once. */
const mostReadings = 4;

/** @throws {SourceError} for damaged, encrypted, binary and macro-enabled files and for those of another kind */
export async function openPackage(bytes: Uint8Array, kind: OfficeKind): Promise<OfficePackage> {
  // Pictures, videos and fonts stay packed. Part names are case-insensitive.
  const files = new Map<string, Uint8Array>();
  for (const [name, content] of await readZip(bytes, (each) => /\.(xml|rels)$/i.test(each))) {
    files.set(name.toLowerCase(), content);
  }
  const types = files.get('[content_types].xml');
  if (types === undefined) throw new SourceError(`is not ${kind.name}`);

  let left = 0;
  for (const { length } of files.values()) left += mostReadings * length;
  function read(content: Uint8Array): Uint8Array {
    left -= content.length;
    if (left < 0) throw new SourceUnreadable('names the same parts repeatedly');
    return content;
  }

  function part(path: string): Uint8Array {
    const found = files.get(path.toLowerCase());
    if (found === undefined) throw new SourceError(`is not a complete ${bare(kind)}: a part that it names is missing`);
    return read(found);
  }

  function relations(path: string): readonly Relation[] {
    const { dir, base } = posix.parse(path);
    const found = files.get(posix.join(dir, '_rels', `${base}.rels`).toLowerCase());
    if (found === undefined) return [];
    return elementsNamed(parsePart(read(found)), 'Relationship').flatMap(({ attributes }) => {
      const { Id: id, Type: type = '', Target: target, TargetMode: mode } = attributes;
      if (id === undefined || target === undefined || mode === 'External') return [];
      return [{ id, kind: type.slice(type.lastIndexOf('/') + 1), target: posix.resolve('/', dir, target).slice(1) }];
    });
  }

  const main = relations('').find((relation) => relation.kind === 'officeDocument')?.target;
  if (main === undefined) throw new SourceError(`is not ${kind.name}`);
  refuseOthers(typeOf(types, main), kind);
  return { main, part, relations };
}

function refuseOthers(type: string, { name, type: wanted, extension }: OfficeKind): void {
  if (/macroenabled/i.test(type)) throw new SourceUnreadable(`holds macros; save it as ${extension} without them`);
  if (/\.binary\./i.test(type)) throw new SourceUnreadable(`is a binary workbook; save it as ${extension}`);
  if (!type.includes(wanted)) throw new SourceError(`is not ${name}`);
}

/** The content type of a part; empty: none is declared. */
function typeOf(types: Uint8Array, path: string): string {
  const document = parsePart(types);
  const own = elementsNamed(document, 'Override').find(
    ({ attributes }) => attributes.PartName?.toLowerCase() === `/${path.toLowerCase()}`,
  );
  const extension = posix.extname(path).slice(1).toLowerCase();
  const usual = elementsNamed(document, 'Default').find(
    ({ attributes }) => attributes.Extension?.toLowerCase() === extension,
  );
  return own?.attributes.ContentType ?? usual?.attributes.ContentType ?? '';
}

/** The relationship that an element names. The prefix varies, and is nearly always `r:id`. */
export function relationId({ attributes }: XmlElement): string | undefined {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1];
}

const bare = ({ name }: OfficeKind): string => name.replace(/^an? /, '');
