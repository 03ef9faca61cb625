/** GET /page/VERSION/FOLDER/FILE: the assets of the pages. All of them are served from here. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IRouter, RequestHandler } from 'express';
import type { mountRoute } from '../router.ts';

const folders = ['ask', 'metrics', 'shared'];

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** `name` is the path below the version, such as `ask/ask.js`. */
type Asset = { readonly name: string; readonly body: Buffer; readonly type: string };

type Assets = {
  /** Prefix of all URLs, with the version. */
  readonly path: string;
  readonly mount: (router: IRouter, mountOne: typeof mountRoute) => void;
};

/** Reads all assets once. The version is a hash of all of them, so that it also covers the imports of modules. */
export function readAssets(): Assets {
  const root = fileURLToPath(new URL('./assets', import.meta.url));
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));
  const assets = [
    ...folders.flatMap((folder) =>
      readdirSync(join(root, folder))
        .sort()
        .map((file) => read(`${folder}/${file}`, join(root, folder, file))),
    ),
    read('metrics/uplot.js', join(uplot, 'uPlot.iife.min.js')),
    read('metrics/uplot.css', join(uplot, 'uPlot.min.css')),
  ];
  const hash = createHash('sha256');
  for (const { name, body } of assets) hash.update(`${name} ${body.length} `).update(body);
  const version = hash.digest('hex').slice(0, 12);
  return {
    path: `/page/${version}`,
    mount: (router, mountOne) => {
      for (const asset of assets) mountOne(router, `/page/:version/${asset.name}`, { get: [send(asset, version)] });
    },
  };
}

/**
 * During a rolling update, a page of one version may load assets from a server of another version. It gets that server's
 * assets, which the browser must not cache.
 */
function send({ body, type }: Asset, version: string): RequestHandler {
  return (req, res) => {
    const cacheable = req.params.version === version;
    res.set('Cache-Control', cacheable ? 'public, max-age=31536000, immutable' : 'no-cache');
    res.type(type).send(body);
  };
}

function read(name: string, path: string): Asset {
  return { name, body: readFileSync(path), type: types[extname(name)] ?? 'application/octet-stream' };
}
