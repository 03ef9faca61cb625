/** Shows the progress of a long command: one updated line on a terminal, occasional lines elsewhere. */
export type Terminal = {
  readonly write: (text: string) => void;
  /** Undefined: the output is not a terminal. */
  readonly columns: number | undefined;
};

const terminalPauseMs = 100;
const plainPauseMs = 10_000;

/**
 * `update` takes the progress and the name of the item finished last.
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
      // Half of the remaining width, because Japanese characters take two columns each.
      const room = Math.floor((columns - line.length - 4) / 2);
      write(`\r\u001b[K${line}${room > 10 && name !== '' ? `  ${printable(name).slice(-room)}` : ''}`);
    },
    end() {
      if (open) write('\r\u001b[K');
      open = false;
    },
  };
}

/** Removes control characters, because a file name may contain terminal escape sequences. */
export function printable(path: string): string {
  return path.toWellFormed().replace(/\p{Cc}/gu, '?');
}
