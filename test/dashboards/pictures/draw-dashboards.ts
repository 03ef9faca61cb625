/** Renders dashboards with the preview tool, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromiumPath, noChromium } from '../../page/chromium.ts';

export type Theme = 'dark' | 'light';

type Options = {
  /** The path of the tool's `preview.mjs`. */
  readonly preview: string;
  readonly prometheus: string;
  /** The URL, with a role that can read what Grafana can read. */
  readonly postgres: string;
  /** JSON files of dashboards, named after their uid. */
  readonly files: readonly string[];
  /** Null: the default time range of each dashboard. */
  readonly range: { readonly from: Date; readonly to: Date } | null;
  readonly themes: readonly Theme[];
  /** In pixels. */
  readonly width: string;
  /** The folder for PNG files. */
  readonly out: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
};

/** On a busy machine the browser may take longer than the tool's timeout. */
const maxAttempts = 3;

/** @throws {Error} if the folder does not contain the installed tool */
export function previewIn(folder: string): string {
  const preview = join(folder, 'preview.mjs');
  if (!existsSync(preview)) {
    throw new Error(
      `${folder} contains no preview.mjs. --preview must be the folder of a tool that renders Grafana's JSON.`,
    );
  }
  if (!existsSync(join(folder, 'node_modules')))
    throw new Error(`${folder} contains no node_modules. Run npm ci there.`);
  if (chromiumPath === null) throw new Error(noChromium.replace('skipped: ', ''));
  return preview;
}

/**
 * Renders one dashboard after the other. Failed queries are rendered as errors, and logged.
 * @returns the paths of the PNG files, one per dashboard and theme
 * @throws {Error} with the output of the tool, if a dashboard was not rendered
 */
export async function drawDashboards(options: Options): Promise<readonly string[]> {
  const { files, themes, out, range } = options;
  if (files.length === 0) return [];
  const picturesOf = (file: string) => themes.map((theme) => join(out, `${basename(file, '.json')}-${theme}.png`));
  const args = [
    ['--prometheus', options.prometheus],
    ['--postgres', options.postgres],
    ['--scrape-interval', '1s'],
    ['--theme', themes.length === 1 ? String(themes[0]) : 'both'],
    ['--width', options.width],
    ['--chromium', String(chromiumPath)],
    ['--out', out],
    ...(range === null
      ? []
      : [
          ['--from', range.from.toISOString()],
          ['--to', range.to.toISOString()],
        ]),
  ].flat();
  for (let attempt = 1, left = files; ; attempt += 1) {
    const output = await run([options.preview, ...args, ...left], options);
    left = left.filter((file) => !picturesOf(file).every((path) => existsSync(path)));
    if (left.length === 0) return files.flatMap(picturesOf);
    if (attempt === maxAttempts) throw new Error(`Not rendered: ${left.join(', ')}. Output of the tool:\n${output}`);
    options.log(
      `Retrying dashboards that were not rendered: ${left.map((file) => basename(file, '.json')).join(', ')}`,
    );
  }
}

/** Logs one line per dashboard, and errors. @returns the whole output of the tool */
async function run(args: readonly string[], { log, signal }: Pick<Options, 'log' | 'signal'>): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // On SIGTERM, the tool closes its browser.
  const stop = () => child.kill();
  signal.addEventListener('abort', stop);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      if (/\(rag-\w+\): | error|failed/.test(line)) log(line);
    });
  }
  await once(child, 'close');
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return lines.join('\n');
}
