/** Tells a program when to stop: signals, and the end of the npm that started it. */
import { readFileSync } from 'node:fs';

/**
 * Who runs this process: the shell of an npm script, and npm itself.
 * Changes when either has gone. A shell that was sent SIGTERM dies and leaves its child to others; an npm that was killed, or
 * whose terminal hung up, leaves its shell to others, which Linux alone tells without another program.
 */
function npmParents(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

function parentOf(pid: number): string {
  try {
    // The second field is the program's name in brackets, which may hold anything.
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S /s, '')
        .split(' ')[0] ?? ''
    );
  } catch {
    return '';
  }
}

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
 * Tells a program when it shall stop: by a signal, or because the program that started it has gone.
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
