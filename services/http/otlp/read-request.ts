/** Reads the body of an OTLP request: media type, size, compression. */
import type { Request, RequestHandler } from 'express';
import { Problem } from '../api/problem.ts';
import { sendProblemsWith } from '../middleware/error-handler.ts';
import { decompress, encodings, TooLarge } from './inflate.ts';
import { MalformedRequest, otlpLimits } from './limits.ts';
import { encodingOf, type OtlpEncoding, otlpTypes, sendStatus } from './reply.ts';

export type OtlpRequest = { readonly encoding: OtlpEncoding; readonly body: Buffer };

/** Makes the problems of a route a `google.rpc.Status`. Runs before the key is checked. */
export const answerAsOtlp: RequestHandler = (req, res, next) => {
  sendProblemsWith(res, (_res, problem) => sendStatus(res, problem, encodingOf(req.get('content-type')) ?? 'json'));
  next();
};

/** @throws {Problem} `unsupported-media-type`, `content-too-large`, `bad-request` */
export async function readOtlp(req: Request): Promise<OtlpRequest> {
  const encoding = encodingOf(req.get('content-type'));
  if (encoding === null) {
    throw new Problem('unsupported-media-type', { detail: `Send OTLP as ${otlpTypes.join(' or ')} over HTTP.` });
  }
  const compression = (req.get('content-encoding') ?? 'identity').trim().toLowerCase();
  const known = encodings.find((name) => name === compression);
  if (known === undefined) {
    throw new Problem('unsupported-media-type', {
      detail: 'Send the body uncompressed, or with Content-Encoding gzip or deflate.',
    });
  }
  const sent = await readBytes(req);
  return { encoding, body: await orProblem(() => decompress(sent, known)) };
}

/** Turns what is wrong with a request into a problem that no exporter retries. */
export async function orProblem<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TooLarge) throw tooLarge();
    if (error instanceof MalformedRequest) throw new Problem('bad-request', { detail: error.message, cause: error });
    throw error;
  }
}

async function readBytes(req: Request): Promise<Buffer> {
  if (Number(req.get('content-length') ?? 0) > otlpLimits.wireBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is not read: the connection is closed with the reply.
    if (size > otlpLimits.wireBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(): Problem {
  return new Problem('content-too-large', {
    detail:
      'A request may have 4 MiB, and 16 MiB once decompressed. Send fewer spans at once: OTEL_BSP_MAX_EXPORT_BATCH_SIZE=64.',
    headers: { Connection: 'close' },
  });
}
