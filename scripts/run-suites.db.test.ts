import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repeatFailed, runLanes, type Suite, summarise } from './run-suites.ts';

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
  expect(results.map(({ suite: { name }, code }) => [name, code])).toEqual([
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

test('a failed suite runs once more, alone, and the summary says what came of it', async () => {
  const mark = join(mkdtempSync(join(tmpdir(), 'suites-')), 'ran');
  const once = `const fs = require('node:fs'); const ran = fs.existsSync('${mark}'); fs.writeFileSync('${mark}', ''); process.exit(ran ? 0 : 1)`;
  const { results } = await run([suite('busy', once), suite('broken', "console.log('why it broke'); process.exit(1)")]);
  const lines = summarise(await repeatFailed(results, () => undefined)).split('\n');
  expect(lines).toContainEqual(expect.stringMatching(/^passed {2}busy .*, alone, after it failed beside others$/));
  expect(lines).toContainEqual(expect.stringMatching(/^FAILED {2}broken .*, a second time$/));
  expect(lines).toContain('why it broke');
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});
