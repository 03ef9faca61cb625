/** Remembers what was set up, so that it is taken down too when the person ends the test with Ctrl-C. */

type Undo = () => Promise<void> | void;

const setUp: Undo[] = [];

/** @returns a function that undoes it now, and never again */
export function undoable(undo: Undo): () => Promise<void> {
  setUp.push(undo);
  return async () => {
    const index = setUp.indexOf(undo);
    if (index === -1) return;
    setUp.splice(index, 1);
    await undo();
  };
}

/** The last first. */
export async function undoAll(): Promise<void> {
  for (let undo = setUp.pop(); undo !== undefined; undo = setUp.pop()) await undo();
}
