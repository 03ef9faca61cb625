/** Creates the log: JSON lines on stdout, short readable lines on a terminal. */
import pino from 'pino';
import { describeError } from './describe-error.ts';

export type Log = pino.Logger;

/** Formats a JSON line for a terminal. Loaded there only; synchronous, because a program may exit right after a line. */
const formatLine = process.stdout.isTTY ? await loadFormatter() : null;

export async function loadFormatter(): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty');
  return prettyFactory({
    colorize: process.stdout.isTTY,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    messageFormat: '{program} {msg}',
    ignore: 'program,span_id,trace_flags',
  });
}

type Sink = { write(line: string): void };

/**
 * Log errors under `err` or `error`: they are described without the text they quote. In a traced request OpenTelemetry
 * adds `trace_id` and `span_id` to each line.
 * @param program added to each line
 * @param level the minimum level, by pino's names
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

/** Values other than Error were described by the caller. */
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
  // A closed terminal must not end the process while it drains.
  out.on('error', () => {});
  return formatLine === null ? out : { write: (line) => out.write(formatLine(line)) };
}
