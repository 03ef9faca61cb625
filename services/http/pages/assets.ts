/** GET /page/VERSION/FILE: what the pages load, all from here. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IRouter, RequestHandler } from 'express';
import type { mountRoute } from '../router.ts';

const own = [
  'ask-question.js',
  'ask.css',
  'ask.js',
  'base.css',
  'controls.css',
  'days.css',
  'draw-chart.js',
  'favicon.svg',
  'make-element.js',
  'metrics.css',
  'metrics.js',
  'page-data.js',
  'print.css',
  'read-events.js',
  'refresh-metrics.js',
  'request.js',
  'runbook.css',
  'show-answer.js',
  'show-citations.js',
  'show-details.js',
  'show-past.js',
  'show-problem.js',
  'show-votes.js',
  'sign-in.js',
  'sign-out.js',
  'slo-status.css',
  'status.css',
] as const;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

type PageFile = { readonly name: string; readonly body: Buffer; readonly type: string };

/** Read once, at the start. The version is made of all files, so a module's own imports carry it along. */
export function createPageFiles(): { readonly path: string; readonly mount: Mount } {
  const folder = fileURLToPath(new URL('./assets', import.meta.url));
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));
  const files = [
    ...own.map((name) => read(name, join(folder, name))),
    read('uplot.js', join(uplot, 'uPlot.iife.min.js')),
    read('uplot.css', join(uplot, 'uPlot.min.css')),
  ];
  const hash = createHash('sha256');
  for (const { name, body } of files) hash.update(`${name} ${body.length} `).update(body);
  const version = hash.digest('hex').slice(0, 12);
  return {
    path: `/page/${version}`,
    mount: (router, mountOne) => {
      for (const file of files) mountOne(router, `/page/:version/${file.name}`, { get: [sendFile(file, version)] });
    },
  };
}

type Mount = (router: IRouter, mountOne: typeof mountRoute) => void;

/** While servers are replaced, a page of one version may ask the other version's server: it gets that one's, unkept. */
function sendFile({ body, type }: PageFile, version: string): RequestHandler {
  return (req, res) => {
    const kept = req.params.version === version;
    res.set('Cache-Control', kept ? 'public, max-age=31536000, immutable' : 'no-cache');
    res.type(type).send(body);
  };
}

function read(name: string, path: string): PageFile {
  return { name, body: readFileSync(path), type: types[extname(name)] ?? 'application/octet-stream' };
}
