/** Makes the log: JSON lines on stdout, a short line each where a person watches. */
import pino from 'pino';
import { describeError } from './describe-error.ts';
import { readableLine } from './pretty-line.ts';

export type Log = pino.Logger;

type Sink = { write(line: string): void };

/**
 * Errors go under `err` or `error` and are described without what they quote. In a traced request OpenTelemetry adds `trace_id` and
 * `span_id` to each line.
 * @param program tells the programs' lines apart
 * @param level pino's name of the least level that is written
 */
export function createLog(program: string, level: string, sink: Sink = terminalOrPipe()): Log {
  return pino(
    {
      level,
      base: { program },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describe, error: describe },
      redact: { paths: secretPaths(), censor: '[redacted]' },
    },
    sink,
  );
}

/** What is no Error was described by whoever logs it. */
function describe(value: unknown): unknown {
  return value instanceof Error ? describeError(value) : value;
}

function secretPaths(): string[] {
  const names = ['authorization', 'Authorization', 'cookie', 'Cookie', '["set-cookie"]', 'token', 'password', 'apiKey'];
  const at = (prefix: string) => (name: string) => (name.startsWith('[') ? `${prefix}${name}` : `${prefix}.${name}`);
  return [...names, ...names.map(at('*')), ...names.map(at('*.*'))];
}

function terminalOrPipe(): Sink {
  const out = pino.destination({ dest: 1, sync: true });
  // A terminal that was closed takes no more lines; what is under way is finished all the same.
  out.on('error', () => {});
  return process.stdout.isTTY ? { write: (line) => out.write(readableLine(line)) } : out;
}
