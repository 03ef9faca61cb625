/** Registers clean-up functions, so that they also run on Ctrl-C. */

type Undo = () => Promise<void> | void;

const setUp: Undo[] = [];

/** @returns a function that runs the clean-up once */
export function undoable(undo: Undo): () => Promise<void> {
  setUp.push(undo);
  return async () => {
    const index = setUp.indexOf(undo);
    if (index === -1) return;
    setUp.splice(index, 1);
    await undo();
  };
}

/** Runs them in reverse order. */
export async function undoAll(): Promise<void> {
  for (let undo = setUp.pop(); undo !== undefined; undo = setUp.pop()) await undo();
}
