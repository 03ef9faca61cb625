/** A part of an Office file → its XML, where it is small enough to be held as a whole. */
import { parseXml, type XmlDocument } from '@rgrove/parse-xml';
import { SourceError, SourceUnreadable } from '../../source-error.ts';
import { decodeText } from '../../text/decode-text.ts';

/** Parsed, it takes some twenty times the memory. Larger parts are walked: `walk-xml.ts`. */
const mostBytes = 16 * 1024 * 1024;

/** @throws {SourceError} */
export function parsePart(bytes: Uint8Array): XmlDocument {
  if (bytes.length > mostBytes) {
    throw new SourceUnreadable(`has a part of more than ${mostBytes / 1024 / 1024} MB; split it`);
  }
  try {
    return parseXml(decodeText(bytes));
  } catch (error) {
    throw new SourceError('is not a whole Office file: it is damaged', { cause: error });
  }
}
