/** Has boards drawn by a tool that draws Grafana's JSON, which runs in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromiumPath, noChromium } from '../../page/chromium.ts';

export type Theme = 'dark' | 'light';

type Given = {
  /** `preview.mjs` of the tool. */
  readonly preview: string;
  readonly prometheus: string;
  /** Of a role that reads what Grafana may read. */
  readonly postgres: string;
  /** The boards' JSON; each is called after its uid. */
  readonly files: readonly string[];
  /** Null: the time that each board opens with. */
  readonly range: { readonly from: Date; readonly to: Date } | null;
  readonly themes: readonly Theme[];
  /** Pixels. */
  readonly width: string;
  /** Where PNGs go. */
  readonly out: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/** A browser on a busy machine may take longer to draw than the tool waits. */
const tries = 3;

/** @throws {Error} where the folder is none of the tool's, with what is missing */
export function previewIn(folder: string): string {
  const preview = join(folder, 'preview.mjs');
  if (!existsSync(preview)) {
    throw new Error(`${folder} holds no preview.mjs: --preview names the folder of a tool that draws Grafana's JSON`);
  }
  if (!existsSync(join(folder, 'node_modules'))) throw new Error(`${folder} holds no node_modules: run npm ci there`);
  if (chromiumPath === null) throw new Error(noChromium.replace('skipped: ', ''));
  return preview;
}

/**
 * One after the other. A query that fails is drawn as such, and its line is told.
 * @returns the PNGs, a theme each
 * @throws {Error} where one could not be drawn, with what the tool wrote
 */
export async function drawBoards(given: Given): Promise<readonly string[]> {
  const { files, themes, out, range } = given;
  if (files.length === 0) return [];
  const picturesOf = (file: string) => themes.map((theme) => join(out, `${basename(file, '.json')}-${theme}.png`));
  const options = [
    ['--prometheus', given.prometheus],
    ['--postgres', given.postgres],
    ['--scrape-interval', '1s'],
    ['--theme', themes.length === 1 ? String(themes[0]) : 'both'],
    ['--width', given.width],
    ['--chromium', String(chromiumPath)],
    ['--out', out],
    ...(range === null
      ? []
      : [
          ['--from', range.from.toISOString()],
          ['--to', range.to.toISOString()],
        ]),
  ].flat();
  for (let nth = 1, left = files; ; nth += 1) {
    const said = await run([given.preview, ...options, ...left], given);
    left = left.filter((file) => !picturesOf(file).every((path) => existsSync(path)));
    if (left.length === 0) return files.flatMap(picturesOf);
    if (nth === tries) throw new Error(`Not drawn: ${left.join(', ')}. The tool says:\n${said}`);
    given.say(`Once more, as these were not drawn: ${left.map((file) => basename(file, '.json')).join(', ')}`);
  }
}

/** @returns all that the tool wrote; of it, a line a board is told, and what failed */
async function run(args: readonly string[], { say, signal }: Pick<Given, 'say' | 'signal'>): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // SIGTERM, at which it closes its browser.
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      if (/\(rag-\w+\): | error|failed/.test(line)) say(line);
    });
  }
  await once(child, 'close');
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  return lines.join('\n');
}
