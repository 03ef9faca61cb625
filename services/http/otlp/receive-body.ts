/** Buffers the bodies of OTLP requests within limits: of one body, of all of them together, and of time. */
import type { Readable } from 'node:stream';
import type { Request } from 'express';
import { Problem } from '../api/problem.ts';
import { otlpLimits } from './limits.ts';

/** Bytes as sent, of requests that are being received, that wait and that are decoded. One process has one memory. */
let buffered = 0;

/**
 * Reads a body and counts its bytes until `use` ends.
 * @throws {Problem} `content-too-large`; `request-timeout` for an upload that is too slow; `overloaded`: a retry may succeed
 */
export async function receiveBody<T>(req: Request, use: (body: Buffer) => Promise<T>): Promise<T> {
  if (Number(req.get('content-length') ?? 0) > otlpLimits.wireBytes) throw otlpTooLarge();
  let size = 0;
  const count = (bytes: number) => {
    // The rest is not read: the connection is closed with the reply.
    if (size + bytes > otlpLimits.wireBytes) throw otlpTooLarge();
    if (buffered + bytes > otlpLimits.bufferedBytes) throw overloaded();
    size += bytes;
    buffered += bytes;
  };
  try {
    return await use(await readWithin(req, otlpLimits.receiveMs, count));
  } finally {
    buffered -= size;
  }
}

/** @param count is called with the bytes of each piece before it is kept */
export async function readWithin(stream: Readable, limitMs: number, count: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let late = (_error: Problem) => {};
  const deadline = new Promise<never>((_resolve, reject) => {
    late = reject;
  });
  const timer = setTimeout(() => late(tooSlow()), limitMs);
  const pieces = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await Promise.race([pieces.next(), deadline]);
      if (done === true) return Buffer.concat(chunks);
      count(value.length);
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
}

const closing = { Connection: 'close' };

export function otlpTooLarge(): Problem {
  return new Problem('content-too-large', {
    detail:
      'A request may have 4 MiB, and 16 MiB once decompressed. Send fewer spans at once: OTEL_BSP_MAX_EXPORT_BATCH_SIZE=64.',
    headers: closing,
  });
}

function tooSlow(): Problem {
  return new Problem('request-timeout', {
    detail: `The body did not arrive within ${otlpLimits.receiveMs / 1_000} s. Send fewer spans at once: OTEL_BSP_MAX_EXPORT_BATCH_SIZE=64.`,
    headers: closing,
  });
}

function overloaded(): Problem {
  return new Problem('overloaded', {
    detail: 'Too many exports of spans are being received. Retry after Retry-After seconds.',
    headers: { ...closing, 'Retry-After': '1' },
  });
}
