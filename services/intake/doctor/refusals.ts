/** Counts refused requests between two writes to the database, within a bound. */

export type Refusal = {
  /** Empty: the key is unknown. */
  readonly service: string;
  /** The first characters of the key that was sent; empty without one. */
  readonly keyPrefix: string;
  readonly path: string;
  /** The status of the reply, or `no_ai_spans`. */
  readonly reason: string;
};

export type CountedRefusal = Refusal & { readonly count: number };

/** Kinds that are kept between two writes: hostile callers could invent any number of keys and paths. */
const kinds = 100;

export function createRefusals() {
  let counts = new Map<string, { refusal: Refusal; count: number }>();
  return {
    note(refusal: Refusal): void {
      const key = JSON.stringify(refusal);
      const known = counts.get(key);
      if (known !== undefined) known.count += 1;
      else if (counts.size < kinds) counts.set(key, { refusal, count: 1 });
    },
    /** Returns the counts and starts anew. */
    take(): readonly CountedRefusal[] {
      const taken = [...counts.values()].map(({ refusal, count }) => ({ ...refusal, count }));
      counts = new Map();
      return taken;
    },
  };
}
