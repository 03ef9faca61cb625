/** Reads the body of an OTLP request: media type, size, compression. */
import type { Request, RequestHandler } from 'express';
import { Problem } from '../api/problem.ts';
import { sendProblemsWith } from '../middleware/error-handler.ts';
import { decompress, encodings, TooLarge } from './inflate.ts';
import { MalformedRequest } from './limits.ts';
import { otlpTooLarge, receiveBody } from './receive-body.ts';
import { encodingOf, type OtlpEncoding, otlpTypes, sendStatus } from './reply.ts';

/** Runs a request if fewer than the limit are running. @throws {ServiceFailure} `overloaded` */
export type LimitExports = <T>(run: () => Promise<T>) => Promise<T>;

/** Makes the problems of a route a `google.rpc.Status`. Runs before the key is checked. */
export const answerAsOtlp: RequestHandler = (req, res, next) => {
  sendProblemsWith(res, (_res, problem) => sendStatus(res, problem, encodingOf(req.get('content-type')) ?? 'json'));
  next();
};

/**
 * Receives a request and hands it over once it is whole and one of the limited places is free: an upload that is slow holds none.
 * @throws {Problem} `unsupported-media-type`, `content-too-large`, `bad-request`, `request-timeout`, `overloaded`
 */
export async function withOtlp<T>(
  req: Request,
  limitExports: LimitExports,
  run: (request: { readonly encoding: OtlpEncoding; readonly body: Buffer }) => Promise<T>,
): Promise<T> {
  const { encoding, compression } = formatOf(req);
  return receiveBody(req, (sent) =>
    limitExports(async () => run({ encoding, body: await orProblem(() => decompress(sent, compression)) })),
  );
}

/** @throws {Problem} `unsupported-media-type` */
function formatOf(req: Request) {
  const encoding = encodingOf(req.get('content-type'));
  if (encoding === null) {
    throw new Problem('unsupported-media-type', { detail: `Send OTLP as ${otlpTypes.join(' or ')} over HTTP.` });
  }
  const named = (req.get('content-encoding') ?? 'identity').trim().toLowerCase();
  const compression = encodings.find((name) => name === named);
  if (compression === undefined) {
    throw new Problem('unsupported-media-type', {
      detail: 'Send the body uncompressed, or with Content-Encoding gzip or deflate.',
    });
  }
  return { encoding, compression };
}

/** Turns what is wrong with a request into a problem that no exporter retries. */
export async function orProblem<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TooLarge) throw otlpTooLarge();
    if (error instanceof MalformedRequest) throw new Problem('bad-request', { detail: error.message, cause: error });
    throw error;
  }
}
