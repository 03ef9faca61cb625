/** Walks XML that is too large to be held as a tree: each element as it comes, while others get their turn. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import sax from 'sax';
import { SourceError } from '../../source-error.ts';
import { localName } from '../xml-elements.ts';

export type XmlVisitor = {
  /** @param name without its prefix */
  readonly open?: (name: string, attributes: Readonly<Record<string, string | undefined>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
};

const chunkBytes = 64 * 1024;

/** @throws {SourceError} for XML that is malformed or cut off; what the visitor throws */
export async function walkXml(bytes: Uint8Array, { open, text, close }: XmlVisitor): Promise<void> {
  // Strict: entities of the document's own are an error, so nothing expands.
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
    await othersTurn();
  }
  parser.close();
  refuse(fault);
}

function refuse(fault: Error | null): void {
  if (fault !== null) throw new SourceError('is not a whole Office file: it is damaged', { cause: fault });
}
