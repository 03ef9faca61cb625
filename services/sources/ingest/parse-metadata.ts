/** Parses metadata in YAML, TOML or JSON. Runs in the parser process: crafted input can make a parser take minutes. */
import { parse as parseToml, TomlError } from 'smol-toml';
import { parseDocument } from 'yaml';
import { SourceError } from '../source-error.ts';
import { readStatedMetadata, type StatedMetadata } from './metadata-names.ts';

export type MetadataLanguage = 'yaml' | 'toml' | 'json';

export type MetadataText = {
  readonly language: MetadataLanguage;
  readonly text: string;
  /** For messages. */
  readonly where: string;
};

/** @throws {SourceError} that names the line, or every field with an invalid value */
export function parseMetadata({ language, text, where }: MetadataText): StatedMetadata {
  return readStatedMetadata(parsers[language](text, where), where);
}

const parsers: Readonly<Record<MetadataLanguage, (text: string, where: string) => unknown>> = {
  yaml: parseYaml,
  toml(text, where) {
    try {
      return parseToml(text);
    } catch (error) {
      throw new SourceError(`${where} is not TOML${error instanceof TomlError ? `: error at line ${error.line}` : ''}`);
    }
  },
  json(text, where) {
    try {
      return JSON.parse(text);
    } catch {
      throw new SourceError(`${where} is not JSON`);
    }
  },
};

function parseYaml(text: string, where: string): unknown {
  const options = { prettyErrors: false, logLevel: 'silent' } as const;
  let document = parseDocument(text, options);
  if (document.errors.length > 0) {
    const repaired = parseDocument(quoteTexts(text), options);
    if (repaired.errors.length === 0) document = repaired;
  }
  const [broken] = document.errors;
  if (broken) {
    const line = text.slice(0, broken.pos[0]).split('\n').length;
    throw new SourceError(`${where} is not YAML: ${broken.code} at line ${line}`);
  }
  try {
    return document.toJS({ maxAliasCount: 10 });
  } catch (error) {
    // A few aliases can expand to gigabytes.
    if (!(error instanceof ReferenceError)) throw error;
    throw new SourceError(`${where} cannot be read: its aliases (*name) repeat too much; write the values out`);
  }
}

/** Authors write `title: Tides: an introduction` and `title: [Draft] Tides`, which are not YAML but mean a text. */
function quoteTexts(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const [, name, value] = /^([\w-]+):[ \t]+(\S.*?)\s*$/.exec(line) ?? [];
      if (name === undefined || value === undefined || /^["'|>]/.test(value)) return line;
      const alone = parseDocument(line, { prettyErrors: false, logLevel: 'silent' });
      return alone.errors.length === 0 ? line : `${name}: ${JSON.stringify(value)}`;
    })
    .join('\n');
}
