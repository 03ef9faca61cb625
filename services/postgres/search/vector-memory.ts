/** Holds the vectors of a model in memory and finds the nearest ones exactly, for servers without pgvector. */
import type { Pool } from 'pg';
import type { Vector } from '../../chat/embed.ts';

type Held = {
  readonly dimensions: number;
  readonly ids: string[];
  /** One vector after the other. Longer than needed, so that new vectors have room. */
  values: Float32Array;
  /** The id of the last row that was read. */
  last: number;
};

export type VectorMemory = {
  /** All passages with their similarity, best first. */
  readonly nearest: (
    question: Vector,
  ) => Promise<readonly { readonly passageId: string; readonly similarity: number }[]>;
};

/** Rows per statement: a few megabytes. */
const page = 2_000;
/** Milliseconds after which new vectors are looked for. */
const refreshAfterMs = 10_000;
/** The share of vectors of deleted passages from which everything is read again. */
const mostStale = 0.2;
/** Bytes of the header of a one-dimensional array in PostgreSQL's binary format, and of the length before each element. */
const arrayHeader = 20;
const elementHeader = 4;
const floatBytes = 4;

/** @param clock milliseconds, monotonic */
export function createVectorMemory(
  pool: Pool,
  { modelId, dimensions, clock }: { modelId: number; dimensions: number; clock: () => number },
): VectorMemory {
  let held: Held = { dimensions, ids: [], values: new Float32Array(0), last: 0 };
  let loading: Promise<void> | null = null;
  let loadedAt: number | null = null;

  async function load(): Promise<void> {
    const { rows } = await pool.query<{ count: number }>({
      name: 'count-vectors',
      text: 'select count(*)::integer as count from passage_embedding where model_id = $1',
      values: [modelId],
    });
    const count = rows[0]?.count ?? 0;
    const isStale = held.ids.length > count * (1 + mostStale);
    // Questions use the old vectors until the new ones are complete.
    const next: Held = isStale ? { dimensions, ids: [], values: new Float32Array(0), last: 0 } : held;
    while (await readPage(pool, modelId, next)) {}
    held = next;
    loadedAt = clock();
  }

  function refreshed(): Promise<void> {
    loading ??= load().finally(() => {
      loading = null;
    });
    return loading;
  }

  return {
    async nearest(question) {
      if (loadedAt === null) await refreshed();
      // New vectors are found by a later question: this one does not wait for them, nor fail with them.
      else if (clock() - loadedAt > refreshAfterMs) refreshed().catch(() => {});
      const { ids, values } = held;
      const similarities = new Float32Array(ids.length);
      for (let row = 0, at = 0; row < ids.length; row += 1, at += dimensions) {
        similarities[row] = dotAt(values, at, question);
      }
      const order = Uint32Array.from(ids, (_, index) => index).sort(
        (a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0),
      );
      return Array.from(order, (index) => ({ passageId: ids[index] ?? '', similarity: similarities[index] ?? 0 }));
    },
  };
}

/** Four sums at a time: the additions of one sum wait for each other. */
function dotAt(values: Float32Array, start: number, question: Vector): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const size = question.length;
  let index = 0;
  for (; index + 3 < size; index += 4) {
    const at = start + index;
    a += (values[at] as number) * (question[index] as number);
    b += (values[at + 1] as number) * (question[index + 1] as number);
    c += (values[at + 2] as number) * (question[index + 2] as number);
    d += (values[at + 3] as number) * (question[index + 3] as number);
  }
  for (; index < size; index += 1) a += (values[start + index] as number) * (question[index] as number);
  return a + b + c + d;
}

/** Appends the rows after the last one, in PostgreSQL's binary format: parsing millions of numbers from text takes seconds. */
async function readPage(pool: Pool, modelId: number, held: Held): Promise<boolean> {
  const { rows } = await pool.query<{ id: number; passageId: string; sent: Buffer }>({
    name: 'read-vectors',
    text: `
      select id, passage_id as "passageId", array_send(vector) as sent from passage_embedding
      where model_id = $1 and id > $2 order by id limit $3`,
    values: [modelId, held.last, page],
  });
  const { ids, dimensions } = held;
  const needed = (ids.length + rows.length) * dimensions;
  if (held.values.length < needed) {
    const larger = new Float32Array(Math.max(needed, held.values.length * 2));
    larger.set(held.values);
    held.values = larger;
  }
  for (const { id, passageId, sent } of rows) {
    const start = ids.length * dimensions;
    for (let index = 0; index < dimensions; index += 1) {
      held.values[start + index] = sent.readFloatBE(arrayHeader + index * (elementHeader + floatBytes) + elementHeader);
    }
    ids.push(passageId);
    held.last = id;
  }
  return rows.length === page;
}
