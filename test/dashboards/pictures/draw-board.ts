/** Has one board drawn by a tool that draws Grafana's JSON, which runs in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath, noChromium } from '../../page/chromium.ts';

export type Theme = 'dark' | 'light';

type Given = {
  /** `preview.mjs` of the tool. */
  readonly preview: string;
  readonly prometheus: string;
  /** A role that reads what Grafana may read. */
  readonly postgres: string;
  /** The board's JSON, and its uid. */
  readonly file: string;
  readonly uid: string;
  /** Null: the time that the board opens with. */
  readonly range: { readonly from: Date; readonly to: Date } | null;
  readonly themes: readonly Theme[];
  /** Pixels. */
  readonly width: string;
  /** Where PNGs go. */
  readonly out: string;
  readonly signal: AbortSignal;
};

/** Of a browser on a busy machine, which may take too long to start. */
const tries = 3;

/** @throws {Error} where the folder is none of the tool's, with what is missing */
export function previewIn(folder: string): string {
  const preview = join(folder, 'preview.mjs');
  if (!existsSync(preview)) {
    throw new Error(`${folder} holds no preview.mjs: --preview names the folder of a tool that draws Grafana's JSON`);
  }
  if (!existsSync(join(folder, 'node_modules'))) {
    throw new Error(`${folder} holds no node_modules: run npm ci there`);
  }
  if (chromiumPath === null) throw new Error(noChromium.replace('skipped: ', ''));
  return preview;
}

export type Drawn = {
  /** PNGs, a theme each. */
  readonly pictures: readonly string[];
  /** What the tool says where a query or a panel failed; the picture shows it, too. */
  readonly faults: string | null;
};

/** @throws {Error} where it could not be drawn, with what the tool wrote */
export async function drawBoard(given: Given): Promise<Drawn> {
  const { range, themes, uid, out } = given;
  const pictures = themes.map((theme) => join(out, `${uid}-${theme}.png`));
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
      : [['--from', range.from.toISOString()] as const, ['--to', range.to.toISOString()] as const]),
  ].flat();
  for (let nth = 1; ; nth += 1) {
    const { code, said } = await run([given.preview, ...options, given.file], given.signal);
    if (pictures.every((path) => existsSync(path))) return { pictures, faults: code === 0 ? null : said };
    if (nth === tries) throw new Error(`${uid} was not drawn. The tool says:\n${said}`);
  }
}

async function run(args: readonly string[], signal: AbortSignal): Promise<{ code: number | null; said: string }> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // SIGTERM, at which it closes its browser.
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = await once(child, 'close');
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  return { code, said };
}
