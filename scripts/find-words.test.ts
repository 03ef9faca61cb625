import { expect, test } from 'vitest';
import { createWordFinder } from './find-words.ts';

const find = createWordFinder([
  { word: 'frob(s|bed)?', instead: 'change', except: ['frobs? per second'] },
  { word: 'carry over', instead: 'move' },
]);
const found = (file: string, source: string) => find(file, source).map((one) => `${one.line} ${one.found}`);

test('a word is found with its line, in any case, also where a line ends inside it', () => {
  expect(found('a.md', 'First.\n\nFrobs are many. They carry\nover.\n')).toEqual(['3 Frobs', '3 carry over']);
  expect(found('a.ts', '/**\n * They carry\n * over.\n */\n')).toEqual(['2 carry over']);
  expect(find('a.md', 'frobbed')[0]?.word.instead).toBe('change');
});

test('of a program comments and strings are read, identifiers, imports and regular expressions are not', () => {
  const source = [
    "import { frob } from './frob.ts'; // a frob",
    'const text = `\x24{frob(1)} frob \x24{"frobs"} end`;',
    "const frobs = /frob/.test('frobbed\\nfrob');",
    '/* frob */ type Frob = typeof import("./frob.ts");',
  ];
  expect(found('a.ts', source.join('\n'))).toEqual(['1 frob', '2 frob', '2 frobs', '3 frobbed', '3 frob', '4 frob']);
});

test('code, addresses and parts of names in prose are not words', () => {
  const prose = 'Run `frob`, see https://frob.example/frob, [here](frob.md), frob.ts, rag_frob, --frob and frob-table.';
  expect(found('a.md', `${prose}\n\n    frob now\n\n\`\`\`\nfrob\n\`\`\`\n`)).toEqual([]);
  expect(found('a.md', 'Frob.')).toEqual(['1 Frob']);
});

test('an excepted use is not found, the same word elsewhere in the sentence is', () => {
  expect(found('a.md', 'It counts frobs per second, and one frob.')).toEqual(['1 frob']);
});

test('other files are read as what they are', () => {
  expect(found('a.html', '<p class="frob">A frob.</p>')).toEqual(['1 frob']);
  expect(found('a.css', '/* a frob */ .frob { color: red; }')).toEqual(['1 frob']);
  expect(found('a.sql', 'select frob from t; -- the frob')).toEqual(['1 frob']);
  expect(found('a.yml', 'frob: 1 # a frob')).toEqual(['1 frob']);
  expect(found('a.png', 'frob')).toEqual([]);
});
