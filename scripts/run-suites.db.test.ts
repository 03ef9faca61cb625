import { expect, test } from 'vitest';
import { runLanes, type Suite, summarise } from './run-suites.ts';

const suite = (name: string, program: string): Suite => ({ name, command: [process.execPath, '-e', program] });

async function run(...lanes: Suite[][]) {
  const printed: string[] = [];
  const results = await runLanes(lanes, (text) => printed.push(text));
  return { printed: printed.join('\n'), results, last: summarise(results).split('\n').at(-1) };
}

test('a suite that fails stops no other, in its lane or in another, and is counted', async () => {
  const { results, last } = await run(
    [suite('bad', 'process.exit(3)'), suite('after bad', '')],
    [suite('beside bad', ''), { name: 'missing', command: ['/no/such/program'] }],
  );
  expect(results.map(({ name, code }) => [name, code])).toEqual([
    ['bad', 3],
    ['after bad', 0],
    ['beside bad', 0],
    ['missing', 127],
  ]);
  expect(last).toBe('2 passed, 2 failed');
});

test('a suite that a signal ends has failed', async () => {
  const { last } = await run([suite('killed', 'process.kill(process.pid, "SIGKILL")')]);
  expect(last).toBe('0 passed, 1 failed');
});

test('what suites print at the same time is not mixed', async () => {
  const counting = (word: string) =>
    `let n = 0; const t = setInterval(() => { console.log('${word}', ++n); if (n === 5) clearInterval(t); }, 20)`;
  const { printed } = await run([suite('one', counting('one'))], [suite('two', counting('two'))]);
  for (const word of ['one', 'two']) expect(printed).toContain([1, 2, 3, 4, 5].map((n) => `${word} ${n}`).join('\n'));
});

test('a suite sees no terminal and no standard input', async () => {
  const { results } = await run([
    suite(
      'input',
      "if (process.stdin.isTTY || process.stdout.isTTY) process.exit(1); process.stdin.resume().on('end', () => process.exit(0))",
    ),
  ]);
  expect(results[0]?.code).toBe(0);
});
