/** Remembers values for a limited time, and at most a limited number of them: the oldest make room. */

export type Memory<V> = {
  /** Undefined: never set, too old, forgotten or displaced. */
  readonly get: (key: string) => V | undefined;
  /** @param at when it became true, on the same clock; its time runs from then. Default: now */
  readonly set: (key: string, value: V, at?: number) => void;
  readonly forget: (key: string) => void;
};

/** @param clock milliseconds, monotonic */
export function remember<V>({
  lifetimeMs,
  capacity,
  clock,
}: {
  readonly lifetimeMs: number;
  readonly capacity: number;
  readonly clock: () => number;
}): Memory<V> {
  const seen = new Map<string, { readonly at: number; readonly value: V }>();
  return {
    get(key) {
      const known = seen.get(key);
      return known !== undefined && clock() - known.at < lifetimeMs ? known.value : undefined;
    },
    set(key, value, at = clock()) {
      seen.delete(key);
      seen.set(key, { at, value });
      const [oldest] = seen.keys();
      if (seen.size > capacity && oldest !== undefined) seen.delete(oldest);
    },
    forget: (key) => void seen.delete(key),
  };
}
