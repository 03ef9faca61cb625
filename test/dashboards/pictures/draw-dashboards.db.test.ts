/** Renders dashboards with a fake tool, because the real one is not part of this repository. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawDashboards, previewIn } from './draw-dashboards.ts';

const folder = mkdtempSync(join(tmpdir(), 'draw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Renders only the first dashboard. */
const slow = `
  import { writeFileSync } from 'node:fs';
  const [out] = process.argv.slice(process.argv.indexOf('--out') + 1);
  const [first] = process.argv.filter((argument) => argument.endsWith('.json'));
  const uid = first.replace(/^.*\\//, '').replace('.json', '');
  for (const theme of ['dark', 'light']) writeFileSync(out + '/' + uid + '-' + theme + '.png', '');
  console.log('A dashboard (' + uid + '): queries 0.1 s');
  console.log('no time for the others');
`;
/** Logs its start and runs until SIGTERM. */
const endless = `
  import { writeFileSync } from 'node:fs';
  process.on('SIGTERM', () => { writeFileSync(import.meta.filename + '.ended', ''); process.exit(143); });
  console.log('A dashboard (rag-slo): started');
  setInterval(() => {}, 1_000);
`;

function draw(
  preview: string,
  files: readonly string[],
  options: { signal?: AbortSignal; log?: (line: string) => void },
) {
  return drawDashboards({
    preview,
    prometheus: 'http://127.0.0.1:9',
    postgres: 'postgres://127.0.0.1:9/rag',
    files,
    range: null,
    themes: ['dark', 'light'],
    width: '1600',
    out: mkdtempSync(join(folder, 'out-')),
    log: () => {},
    signal: new AbortController().signal,
    ...options,
  });
}

function tool(name: string, text: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  return path;
}

test('a folder without the tool is rejected, and the error names the missing file', () => {
  expect(() => previewIn(folder)).toThrow(/contains no preview\.mjs/);
});

test('dashboards that were not rendered are retried, and each one is logged', async () => {
  const logged: string[] = [];
  const pictures = await draw(tool('slow', slow), ['a/rag-slo.json', 'a/rag-cost.json'], {
    log: (line) => logged.push(line),
  });
  expect(pictures.map((path) => path.replace(/^.*\//, ''))).toEqual([
    'rag-slo-dark.png',
    'rag-slo-light.png',
    'rag-cost-dark.png',
    'rag-cost-light.png',
  ]);
  expect(logged).toEqual([
    'A dashboard (rag-slo): queries 0.1 s',
    'Retrying dashboards that were not rendered: rag-cost',
    'A dashboard (rag-cost): queries 0.1 s',
  ]);
});

test('the error names a dashboard that is never rendered, with the output of the tool', async () => {
  const files = ['slo', 'cost', 'quality', 'database'].map((name) => `a/rag-${name}.json`);
  await expect(draw(tool('slow', slow), files, {})).rejects.toThrow(
    /rag-database\.json.*\n.*\n?.*no time for the others/s,
  );
});

test('aborting stops the tool and waits until it has ended', async () => {
  const stopping = new AbortController();
  const preview = tool('endless', endless);
  const drawing = draw(preview, ['a/rag-slo.json'], { signal: stopping.signal, log: () => stopping.abort() });
  await expect(drawing).rejects.toThrow(/abort/i);
  expect(existsSync(`${preview}.ended`)).toBe(true);
});
