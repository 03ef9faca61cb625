/** Reads the XML parts of an Office file: small ones as a tree, large ones element by element. */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { parseXml, type XmlDocument } from '@rgrove/parse-xml';
import sax from 'sax';
import { SourceError, SourceUnreadable } from '../../source-error.ts';
import { decodeText } from '../../text/decode-text.ts';
import { localName } from '../xml-elements.ts';

/** A tree takes about twenty times the memory of its XML. Larger parts go through `walkXml`. */
const mostBytes = 16 * 1024 * 1024;
const damaged = 'is not a complete Office file: it is damaged';

/** @throws {SourceError} */
export function parsePart(bytes: Uint8Array): XmlDocument {
  if (bytes.length > mostBytes) {
    throw new SourceUnreadable(`has a part larger than ${mostBytes / 1024 / 1024} MB; split the file`);
  }
  try {
    return parseXml(decodeText(bytes));
  } catch (error) {
    throw new SourceError(damaged, { cause: error });
  }
}

export type XmlVisitor = {
  /** @param name without its prefix */
  readonly open?: (name: string, attributes: Readonly<Record<string, string | undefined>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
};

const chunkBytes = 64 * 1024;

/** Other work of the process runs between the chunks. @throws {SourceError} for malformed or truncated XML; what the visitor throws */
export async function walkXml(bytes: Uint8Array, { open, text, close }: XmlVisitor): Promise<void> {
  // Strict mode rejects entities that the document defines itself, so nothing expands.
  const parser = sax.parser(true, { position: false });
  let fault: Error | null = null;
  parser.onerror = (error) => {
    fault ??= error;
  };
  parser.onopentag = (tag) => open?.(localName(tag), tag.attributes as Record<string, string>);
  parser.onclosetag = (name) => close?.(localName({ name }));
  parser.ontext = (each) => text?.(each);
  parser.oncdata = (each) => text?.(each);
  const decoder = new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8');
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    parser.write(decoder.decode(bytes.subarray(at, at + chunkBytes), { stream: true }));
    refuse(fault);
    await yieldToOthers();
  }
  parser.close();
  refuse(fault);
}

function refuse(fault: Error | null): void {
  if (fault !== null) throw new SourceError(damaged, { cause: fault });
}
