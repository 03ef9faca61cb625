/** Has boards drawn by a stand-in for the tool, which is not part of this repository. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawBoards, previewIn } from './draw-boards.ts';

const folder = mkdtempSync(join(tmpdir(), 'draw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Draws the first board it is given, and leaves the others. */
const slow = `
  import { writeFileSync } from 'node:fs';
  const [out] = process.argv.slice(process.argv.indexOf('--out') + 1);
  const [first] = process.argv.filter((argument) => argument.endsWith('.json'));
  const uid = first.replace(/^.*\\//, '').replace('.json', '');
  for (const theme of ['dark', 'light']) writeFileSync(out + '/' + uid + '-' + theme + '.png', '');
  console.log('A board (' + uid + '): queries 0.1 s');
  console.log('no time for the others');
`;
/** Tells when it has started and goes on until it is told to end. */
const endless = `
  import { writeFileSync } from 'node:fs';
  process.on('SIGTERM', () => { writeFileSync(import.meta.filename + '.ended', ''); process.exit(143); });
  console.log('A board (rag-slo): begun');
  setInterval(() => {}, 1_000);
`;

function draw(
  preview: string,
  files: readonly string[],
  given: { signal?: AbortSignal; say?: (line: string) => void },
) {
  return drawBoards({
    preview,
    prometheus: 'http://127.0.0.1:9',
    postgres: 'postgres://127.0.0.1:9/rag',
    files,
    range: null,
    themes: ['dark', 'light'],
    width: '1600',
    out: mkdtempSync(join(folder, 'out-')),
    say: () => {},
    signal: new AbortController().signal,
    ...given,
  });
}

function tool(name: string, text: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  return path;
}

test('a folder that is not the tool’s is refused, with what is missing', () => {
  expect(() => previewIn(folder)).toThrow(/holds no preview\.mjs/);
});

test('what was not drawn is drawn again, and each board is told', async () => {
  const told: string[] = [];
  const pictures = await draw(tool('slow', slow), ['a/rag-slo.json', 'a/rag-cost.json'], {
    say: (line) => told.push(line),
  });
  expect(pictures.map((path) => path.replace(/^.*\//, ''))).toEqual([
    'rag-slo-dark.png',
    'rag-slo-light.png',
    'rag-cost-dark.png',
    'rag-cost-light.png',
  ]);
  expect(told).toEqual([
    'A board (rag-slo): queries 0.1 s',
    'Once more, as these were not drawn: rag-cost',
    'A board (rag-cost): queries 0.1 s',
  ]);
});

test('a board that is never drawn is named, with what the tool said', async () => {
  const files = ['slo', 'cost', 'quality', 'database'].map((name) => `a/rag-${name}.json`);
  await expect(draw(tool('slow', slow), files, {})).rejects.toThrow(
    /rag-database\.json.*\n.*\n?.*no time for the others/s,
  );
});

test('whoever stops also stops the tool, and waits until it has ended', async () => {
  const stopping = new AbortController();
  const preview = tool('endless', endless);
  const drawing = draw(preview, ['a/rag-slo.json'], { signal: stopping.signal, say: () => stopping.abort() });
  await expect(drawing).rejects.toThrow(/abort/i);
  expect(existsSync(`${preview}.ended`)).toBe(true);
});
