import { expect, test } from 'vitest';
import { similarity } from '../../chat/embed.ts';
import { readVectors } from './read-vectors.ts';

const base64 = (numbers: readonly number[]) => Buffer.from(Float32Array.from(numbers).buffer).toString('base64');

test.each([
  [
    'OpenAI, in another order',
    {
      data: [
        { index: 1, embedding: [0, 2] },
        { index: 0, embedding: [3, 0] },
      ],
    },
  ],
  ['OpenAI without an index', { data: [{ embedding: [3, 0] }, { embedding: [0, 2] }] }],
  [
    'base64',
    {
      data: [
        { index: 0, embedding: base64([3, 0]) },
        { index: 1, embedding: base64([0, 2]) },
      ],
    },
  ],
  [
    'llama.cpp',
    [
      { index: 0, embedding: [[3, 0]] },
      { index: 1, embedding: [[0, 2]] },
    ],
  ],
  [
    'TEI',
    [
      [3, 0],
      [0, 2],
    ],
  ],
  [
    'Ollama',
    {
      embeddings: [
        [3, 0],
        [0, 2],
      ],
    },
  ],
  [
    'Cohere',
    {
      embeddings: {
        float: [
          [3, 0],
          [0, 2],
        ],
      },
    },
  ],
])('vectors of length 1 are read in the order of the request: %s', (_, body) => {
  expect(readVectors(body, 2)?.map((each) => [...each])).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test.each([
  ['an error', { error: { message: 'no' } }],
  ['too few vectors', { data: [{ index: 0, embedding: [1, 0] }] }],
  ['vectors of different lengths', [[1, 0], [1]]],
  [
    'a vector without a direction',
    [
      [0, 0],
      [0, 1],
    ],
  ],
  [
    'vectors of no numbers',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'one index twice',
    {
      data: [
        { index: 0, embedding: [1, 0] },
        { index: 0, embedding: [0, 1] },
      ],
    },
  ],
  ['nothing', null],
])('a response with %s has no vectors', (_, body) => {
  expect(readVectors(body, 2)).toBeNull();
});

test('the similarity of two vectors is their cosine', () => {
  const [a, b, c] =
    readVectors(
      [
        [1, 0],
        [3, 4],
        [0, -7],
      ],
      3,
    ) ?? [];
  if (a === undefined || b === undefined || c === undefined) throw new Error('no vectors');
  expect(similarity(a, b)).toBeCloseTo(0.6, 6);
  expect(similarity(b, c)).toBeCloseTo(-0.8, 6);
});
