/** Every reader keeps the text of made documents, in order; prints how much. */
import { afterAll, expect, test } from 'vitest';
import { readByFormat } from '../../services/sources/readers/read-by-format.ts';
import { madeInputs } from './made-inputs.ts';
import { type Kept, measure } from './measure.ts';

const measured: (Kept & { readonly name: string })[] = [];

test.each(madeInputs)('$format: $name', async (input) => {
  const { blocks, leftOut = [] } = await readByFormat(input);
  const text = blocks.map((block) => block.text).join('\n');
  const kept = measure(input.texts, blocks);
  measured.push({ name: `${input.format}: ${input.name}`, ...kept });
  expect(kept, text).toEqual({ recall: 1, order: 1 });
  for (const each of input.absent ?? []) expect(text).not.toContain(each);
  for (const each of input.once ?? []) expect(text.split(each)).toHaveLength(2);
  for (const [kind, count] of Object.entries(input.leftOut ?? {})) {
    expect(leftOut).toContainEqual(expect.objectContaining({ kind, count }));
  }
});

afterAll(() => {
  const mean = (of: (kept: Kept) => number) => measured.reduce((sum, each) => sum + of(each), 0) / measured.length;
  const wrong = measured.filter(({ recall, order }) => recall < 1 || order < 1);
  for (const { name, recall, order } of wrong)
    console.log(`${name}: recall ${recall.toFixed(3)}, order ${order.toFixed(3)}`);
  console.log(
    `${measured.length} made documents: word recall ${mean(({ recall }) => recall).toFixed(3)}, order ${mean(({ order }) => order).toFixed(3)}`,
  );
});
