/** Joins calls that arrive while an earlier one is under way, so that many callers share one statement. */

/** A call that is alone starts at once. */
type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
};

const mostTogether = 200;

/**
 * @param keyOf calls are joined with others of the same key only
 * @param run returns one result for each item, in order. If it fails, all its calls fail
 */
export function groupCalls<Item, Result>(
  keyOf: (item: Item) => string,
  run: (key: string, items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const queues = new Map<string, Waiting<Item, Result>[]>();

  async function work(key: string, queue: Waiting<Item, Result>[]): Promise<void> {
    while (queue.length > 0) {
      const group = queue.splice(0, mostTogether);
      try {
        const results = await run(
          key,
          group.map(({ item }) => item),
        );
        group.forEach(({ resolve }, index) => {
          resolve(results[index] as Result);
        });
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    queues.delete(key);
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const key = keyOf(item);
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.push({ item, resolve, reject });
        return;
      }
      const started = [{ item, resolve, reject }];
      queues.set(key, started);
      void work(key, started);
    });
}
