/** Tells a program when it shall stop: by a signal, or because the program that started it has gone. */
import { npmParents } from './npm-parents.ts';

export type StopRequest = {
  /** The exit code to end with, once asked: 128 + the signal's number, or 0 when the parent has gone. */
  readonly asked: Promise<number>;
  readonly isAsked: () => boolean;
  /** The person is impatient: a second signal, a moment after the first. */
  readonly hurried: Promise<void>;
};

const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** A Ctrl-C reaches a program twice within milliseconds: from the terminal, and passed on by npm. */
const samePressMs = 500;

const parentLookMs = 500;

/**
 * From the call on, signals no longer end the process: whoever calls drains and exits with the code.
 * @param underNpm whether npm started this: of the signals that end npm, not all are passed on
 */
export function listenForStop(underNpm = false): StopRequest {
  const asked = Promise.withResolvers<number>();
  const hurried = Promise.withResolvers<void>();
  let firstAt: number | null = null;
  const take = (code: number) => {
    const now = performance.now();
    if (firstAt === null) asked.resolve(code);
    else if (now - firstAt > samePressMs) hurried.resolve();
    firstAt ??= now;
  };
  for (const [signal, code] of Object.entries(codes)) process.on(signal, () => take(code));
  // With the terminal gone (SIGHUP), whatever is said while draining has nowhere to go, and must not end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (process.channel) process.on('disconnect', () => take(0));
  if (underNpm) {
    const parents = npmParents();
    setInterval(() => npmParents() !== parents && firstAt === null && take(codes.SIGTERM), parentLookMs).unref();
  }
  return { asked: asked.promise, isAsked: () => firstAt !== null, hurried: hurried.promise };
}
