/** Detects when a program must stop: by a signal, or because its parent or npm has exited. */
import { readFileSync } from 'node:fs';

/**
 * The parent processes: the npm script's shell, and npm itself. The value changes when either exits: SIGTERM kills the
 * shell and reparents its child; killing npm, or hanging up its terminal, reparents the shell, which only Linux reports
 * without running another program.
 */
function npmParents(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

function parentOf(pid: number): string {
  try {
    // The second field is the program's name in parentheses, which may contain anything.
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
  /** Resolves to the exit code: 128 + the signal's number, or 0 when the parent has exited. */
  readonly requested: Promise<number>;
  readonly isRequested: () => boolean;
  /** Resolves on a second signal, a moment after the first. */
  readonly forced: Promise<void>;
};

const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** One Ctrl-C arrives twice within milliseconds: from the terminal, and forwarded by npm. */
const duplicateMs = 500;
const parentCheckMs = 500;

/**
 * From this call on signals no longer end the process: the caller drains and exits with the code.
 * @param underNpm whether npm started this process: npm does not forward every signal that ends it
 */
export function listenForStop(underNpm = false): StopRequest {
  const requested = Promise.withResolvers<number>();
  const forced = Promise.withResolvers<void>();
  let firstAt: number | null = null;
  const receive = (code: number) => {
    const now = performance.now();
    if (firstAt === null) requested.resolve(code);
    else if (now - firstAt > duplicateMs) forced.resolve();
    firstAt ??= now;
  };
  for (const [signal, code] of Object.entries(codes)) process.on(signal, () => receive(code));
  // After SIGHUP the terminal is closed: output while draining fails, and must not end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (process.channel) process.on('disconnect', () => receive(0));
  if (underNpm) {
    const parents = npmParents();
    setInterval(() => npmParents() !== parents && firstAt === null && receive(codes.SIGTERM), parentCheckMs).unref();
  }
  return { requested: requested.promise, isRequested: () => firstAt !== null, forced: forced.promise };
}
