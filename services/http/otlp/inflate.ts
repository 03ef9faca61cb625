/** Decompresses a request's body within a limit. */
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { MalformedRequest, otlpLimits } from './limits.ts';

export const encodings = ['identity', 'gzip', 'deflate'] as const;

/** Thrown for a body that is larger than the limit once decompressed. */
export class TooLarge extends Error {}

const gunzipped = promisify(gunzip);
const inflated = promisify(inflate);
const rawInflated = promisify(inflateRaw);

/**
 * zlib stops at `maxOutputLength`, so a bomb costs no more memory than a request of the allowed size.
 * @throws {TooLarge}
 * @throws {MalformedRequest} for bytes that are not compressed that way
 */
export async function decompress(body: Buffer, encoding: (typeof encodings)[number]): Promise<Buffer> {
  const limit = { maxOutputLength: otlpLimits.inflatedBytes };
  try {
    if (encoding === 'gzip') return await gunzipped(body, limit);
    if (encoding === 'deflate') return await (isZlib(body) ? inflated(body, limit) : rawInflated(body, limit));
  } catch (error) {
    if (error instanceof RangeError) throw new TooLarge();
    throw new MalformedRequest(`The body is not compressed with ${encoding}, as its Content-Encoding says.`);
  }
  return body;
}

/** HTTP's `deflate` is the zlib format, but some clients send it without its header. */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}
