/** Reads a response's body whole, up to a limit. */
import { SourceError } from '../source-error.ts';

/** What is counted is what is held in memory: after decompression. @throws {SourceError} beyond `maxBytes` */
export async function readLimited(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    // Leaving the loop cancels the body, and with it the connection.
    if (size > maxBytes) throw new SourceError(`is larger than ${maxBytes.toLocaleString('en')} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts, size));
}
