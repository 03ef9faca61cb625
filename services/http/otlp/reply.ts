/** Replies as OTLP defines them, in the encoding of the request. */
import type { Response } from 'express';
import protobuf from 'protobufjs/minimal.js';
import type { Problem } from '../api/problem.ts';

export type OtlpEncoding = 'protobuf' | 'json';

export const otlpTypes = ['application/x-protobuf', 'application/json'] as const;

/** Null for another media type. */
export function encodingOf(contentType: string | undefined): OtlpEncoding | null {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : null;
}

/** The name of the count in JSON; its number is 1 in every message. */
type Rejected = 'rejectedSpans' | 'rejectedLogRecords' | 'rejectedDataPoints';

/** @param message empty: everything was accepted. With 0 rejected it is a warning. */
export function sendAccepted(
  res: Response,
  encoding: OtlpEncoding,
  { name, rejected, message }: { readonly name: Rejected; readonly rejected: number; readonly message: string },
): void {
  const isPartial = rejected > 0 || message !== '';
  if (encoding === 'json') {
    // 64-bit numbers are text in protobuf's JSON.
    const partial = {
      ...(rejected > 0 && { [name]: String(rejected) }),
      ...(message !== '' && { errorMessage: message }),
    };
    send(res, 200, encoding, Buffer.from(JSON.stringify(isPartial ? { partialSuccess: partial } : {})));
    return;
  }
  const writer = protobuf.Writer.create();
  if (isPartial) {
    writer.uint32(10).fork();
    if (rejected > 0) writer.uint32(8).int64(rejected);
    if (message !== '') writer.uint32(18).string(message);
    writer.ldelim();
  }
  send(res, 200, encoding, Buffer.from(writer.finish()));
}

/** gRPC's codes of the HTTP statuses. */
const codes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 3,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};

/** A `google.rpc.Status`, which exporters print. */
export function sendStatus(res: Response, problem: Problem, encoding: OtlpEncoding): void {
  const code = codes[problem.status] ?? 2;
  res.set(problem.headers);
  if (encoding === 'json') {
    send(res, problem.status, encoding, Buffer.from(JSON.stringify({ code, message: problem.message })));
    return;
  }
  const status = protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(problem.message).finish();
  send(res, problem.status, encoding, Buffer.from(status));
}

function send(res: Response, status: number, encoding: OtlpEncoding, body: Buffer): void {
  // Without the charset that Express adds to JSON.
  res.status(status).setHeader('Content-Type', encoding === 'json' ? 'application/json' : 'application/x-protobuf');
  res.end(body);
}
