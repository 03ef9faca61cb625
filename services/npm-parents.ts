/** Who runs this process: the shell of an npm script, and npm itself. */
import { readFileSync } from 'node:fs';

/**
 * Changes when either has gone. A shell that was sent SIGTERM dies and leaves its child to others; an npm that was killed, or
 * whose terminal hung up, leaves its shell to others, which Linux alone tells without another program.
 */
export function npmParents(): string {
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
