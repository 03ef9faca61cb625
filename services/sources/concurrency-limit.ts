/** Lets so many works go on at a time; the others wait in line. */

export type InLine = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createLine(atOnce: number): InLine {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Handed on, not given back: whoever comes just now would push in.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
