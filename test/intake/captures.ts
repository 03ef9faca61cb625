/** Turns that real instrumentations sent, captured with a fake model. All text is synthetic. See README.md beside the files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJsonLogs, decodeJsonTraces } from '../../services/http/otlp/json.ts';
import { decodeLogs, decodeTraces } from '../../services/http/otlp/protobuf.ts';
import type { LogEvent, Span } from '../../services/intake/spans/span.ts';

const folder = join(import.meta.dirname, 'captures');

export type CapturedRequest = {
  readonly path: string;
  readonly contentType: string;
  readonly body: unknown;
  /** Name of the file with the bytes that were sent; absent where only the decoded body was kept. */
  readonly protobuf?: string | null;
};

export const captureNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -5))
  .sort();

export function captured(name: string): readonly CapturedRequest[] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')).requests;
}

/** The bytes of a request: as sent, or as JSON. */
export function bytesOf({ protobuf, body }: CapturedRequest, encoding: 'protobuf' | 'json'): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify(body));
  if (!protobuf) throw new Error('the capture has no protobuf bytes');
  return readFileSync(join(folder, protobuf));
}

/** The spans and log events of a capture, in the order they were sent. */
export function spansOf(name: string, encoding: 'protobuf' | 'json' = 'json'): { spans: Span[]; logs: LogEvent[] } {
  const spans: Span[] = [];
  const logs: LogEvent[] = [];
  for (const request of captured(name)) {
    const isBinary = encoding === 'protobuf' && Boolean(request.protobuf);
    const bytes = () => bytesOf(request, isBinary ? 'protobuf' : 'json');
    if (request.path.endsWith('/v1/traces')) {
      spans.push(...(isBinary ? decodeTraces(bytes()) : decodeJsonTraces(bytes())).items);
    } else if (request.path.endsWith('/v1/logs')) {
      logs.push(...(isBinary ? decodeLogs(bytes()) : decodeJsonLogs(bytes())).items);
    }
  }
  return { spans, logs };
}
