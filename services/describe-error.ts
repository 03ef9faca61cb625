/** Describes an error for the log without what it quotes: messages of databases, parsers and model servers hold text of users. */

import { ChatFailure } from './chat/failure.ts';
import { ConfigError } from './config.ts';
import { RoleRefused } from './postgres/connect.ts';
import { LeaseLost, RunFailed } from './rollup/leased-run.ts';
import { PrometheusError } from './telemetry/query-prometheus.ts';

type ErrorDescription = {
  readonly type: string;
  readonly code?: string;
  /** Only where the message is our own, the engine's or the system's. */
  readonly message?: string;
  /** Of a refusal by Postgres: what it is about, not the values. */
  readonly table?: string;
  readonly constraint?: string;
  /** Where it was thrown; a file and a line each. */
  readonly frames?: readonly string[];
  readonly cause?: ErrorDescription;
  readonly errors?: readonly ErrorDescription[];
};

const deepest = 5;
const mostFrames = 8;

/** @param error whatever was thrown */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error };
  const deeper = depth < deepest;
  return {
    type: error.name,
    ...stringField(error, 'code'),
    ...(quotesNobody(error) && { message: error.message }),
    ...stringField(error, 'table'),
    ...stringField(error, 'constraint'),
    ...frames(error),
    ...(deeper && error.cause !== undefined && { cause: describeError(error.cause, depth + 1) }),
    ...(deeper &&
      error instanceof AggregateError && { errors: error.errors.map((each) => describeError(each, depth + 1)) }),
  };
}

function quotesNobody(error: Error): boolean {
  const ours = [ChatFailure, ConfigError, LeaseLost, PrometheusError, RoleRefused, RunFailed].some(
    (kind) => error instanceof kind,
  );
  const engines = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  const systems = 'syscall' in error;
  return ours || engines || systems;
}

function stringField<Name extends string>(error: Error, name: Name): { [name in Name]?: string } {
  const value = (error as unknown as Record<string, unknown>)[name];
  return typeof value === 'string' ? ({ [name]: value } as { [name in Name]: string }) : {};
}

/** The stack begins with the message, which may have many lines: only lines that name a place are kept. */
function frames(error: Error): { frames?: readonly string[] } {
  const stack = error.stack ?? '';
  const message = stack.indexOf(error.message);
  const body = message === -1 ? stack : stack.slice(message + error.message.length);
  const places = body.split('\n').filter((line) => /^\s+at .*[:(].*\d+:\d+\)?$/.test(line));
  return places.length > 0
    ? { frames: places.slice(0, mostFrames).map((line) => line.trim().slice('at '.length)) }
    : {};
}
