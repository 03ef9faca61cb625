/** Shows how far a long command is: one line that is written over on a terminal, a line now and then elsewhere. */
export type Terminal = {
  readonly write: (text: string) => void;
  /** Undefined where the output is no terminal. */
  readonly columns: number | undefined;
};

const terminalPauseMs = 100;
const plainPauseMs = 10_000;

/**
 * `update`: how far it is, and the name of what was finished last.
 * @param clock milliseconds, monotonic
 */
export function showProgress(
  { write, columns }: Terminal,
  clock: () => number,
): { readonly update: (line: string, name?: string) => void; readonly end: () => void } {
  let shownAt = columns === undefined ? clock() : Number.NEGATIVE_INFINITY;
  let open = false;
  return {
    update(line, name = '') {
      if (clock() - shownAt < (columns === undefined ? plainPauseMs : terminalPauseMs)) return;
      shownAt = clock();
      if (columns === undefined) {
        write(`${line}\n`);
        return;
      }
      open = true;
      // Half of what is left, because a Japanese name takes two columns a character.
      const room = Math.floor((columns - line.length - 4) / 2);
      write(`\r\u001b[K${line}${room > 10 && name !== '' ? `  ${printable(name).slice(-room)}` : ''}`);
    },
    end() {
      if (open) write('\r\u001b[K');
      open = false;
    },
  };
}

/** A file's name may hold what a terminal would obey. */
export function printable(path: string): string {
  return path.toWellFormed().replace(/\p{Cc}/gu, '?');
}
