/**
 * Describes errors for the log and for job_run without user text, which messages of databases, parsers and model
 * servers may quote.
 */

type ErrorDescription = {
  readonly type: string;
  readonly code?: string;
  /** Only if the message is our own, the JavaScript engine's or the system's. */
  readonly message?: string;
  /** From a PostgreSQL error: what it is about, not the values. */
  readonly table?: string;
  readonly constraint?: string;
  /** The top of the stack: file and line. */
  readonly frames?: readonly string[];
  readonly cause?: ErrorDescription;
  readonly errors?: readonly ErrorDescription[];
};

const maxDepth = 5;
const maxFrames = 8;

/** @param error any thrown value */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error };
  const deeper = depth < maxDepth;
  const message = safeMessage(error);
  return {
    type: error.name,
    ...stringField(error, 'code'),
    ...(message !== undefined && { message }),
    ...stringField(error, 'table'),
    ...stringField(error, 'constraint'),
    ...frames(error),
    ...(deeper && error.cause !== undefined && { cause: describeError(error.cause, depth + 1) }),
    ...(deeper &&
      error instanceof AggregateError && { errors: error.errors.map((each) => describeError(each, depth + 1)) }),
  };
}

/**
 * Our own errors have a `safeMessage` when their message quotes no user text; the engine's and the system's never do.
 */
function safeMessage(error: Error): string | undefined {
  if ('safeMessage' in error && typeof error.safeMessage === 'string') return error.safeMessage;
  const engine = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return engine || 'syscall' in error ? error.message : undefined;
}

function stringField<Name extends string>(error: Error, name: Name): { [name in Name]?: string } {
  const value = (error as unknown as Record<string, unknown>)[name];
  return typeof value === 'string' ? ({ [name]: value } as { [name in Name]: string }) : {};
}

/** The stack begins with the message, which may span lines, so only lines with a file position are kept. */
function frames(error: Error): { frames?: readonly string[] } {
  const stack = error.stack ?? '';
  const message = stack.indexOf(error.message);
  const body = message === -1 ? stack : stack.slice(message + error.message.length);
  const places = body.split('\n').filter((line) => /^\s+at .*[:(].*\d+:\d+\)?$/.test(line));
  return places.length > 0 ? { frames: places.slice(0, maxFrames).map((line) => line.trim().slice('at '.length)) } : {};
}

/** SQLSTATE classes whose messages quote values: data exceptions, integrity violations, errors raised in functions. */
const quotesValues = /^(22|23|P0)/;
const sqlState = /^[0-9A-Z]{5}$/;

/** Describes a job's error in one line without user text, for the job_run table and the log. */
export function describeJobError(error: unknown): string {
  const { type, code, message, table } = describeError(error);
  if (code !== undefined && sqlState.test(code) && error instanceof Error) {
    const about = table === undefined ? '' : ` on ${table}`;
    return quotesValues.test(code) ? `PostgreSQL ${code}${about}` : `PostgreSQL ${code}: ${oneLine(error.message)}`;
  }
  return [type, code, message === undefined ? undefined : oneLine(message)]
    .filter((part) => part !== undefined)
    .join(': ');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
