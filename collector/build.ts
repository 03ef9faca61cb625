/** Builds the Collector with its own builder and the program that starts it, and caches both until their inputs change. */
import { copyFile, cp, link, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { buildOnce, goEnvironment, run } from './go-builds.ts';

const here = fileURLToPath(new URL('./', import.meta.url));
const inputs = ['builder.yaml', 'go.mod', 'go.sum'].map((file) => join(here, file));

const startFolder = join(here, 'start');
const startName = 'otelcol-start';

/** `binary` becomes the Collector, after it has set damaged queue files aside. */
export type BuiltCollector = { readonly binary: string } | { readonly missing: string };

/**
 * The first build downloads about 500 MB of modules and compiles for minutes.
 * @param log receives a line before a build starts
 * @returns `missing`: Go is not installed, with what to install
 * @throws {Error} where Go is installed and the build fails
 */
export async function buildCollector(log: (line: string) => void): Promise<BuiltCollector> {
  const config = parse(await readFile(join(here, 'builder.yaml'), 'utf8')) as {
    dist: { name: string; version: string };
  };
  const { dist } = config;
  const built = await buildOnce({
    name: 'collector',
    files: inputs,
    outputs: [dist.name],
    log,
    async build(go, folder) {
      await writeFile(join(folder, 'builder.yaml'), stringify({ ...config, dist: { ...dist, output_path: folder } }));
      // With these, the builder skips `go mod tidy`, which would download the test dependencies of every component.
      for (const file of ['go.mod', 'go.sum']) await cp(join(here, file), join(folder, file));
      const builder = `go.opentelemetry.io/collector/cmd/builder@v${dist.version}`;
      await run(go.path, ['run', builder, '--config', 'builder.yaml', '--skip-get-modules'], {
        cwd: folder,
        env: goEnvironment(),
        maxBuffer: 2 ** 26,
      });
    },
  });
  if ('missing' in built) return built;
  return buildStart(join(built.folder, dist.name), log);
}

async function buildStart(collector: string, log: (line: string) => void): Promise<BuiltCollector> {
  const files = ['main.go', 'go.mod', 'go.sum'].map((file) => join(startFolder, file));
  const built = await buildOnce({
    name: 'collector-start',
    files: [...files, ...inputs],
    outputs: [startName],
    log,
    async build(go, folder) {
      const output = join(folder, startName);
      await run(go.path, ['build', '-trimpath', '-o', output, '.'], { cwd: startFolder, env: goEnvironment() });
      // It looks for the Collector beside it. The cache may cover two file systems.
      const beside = join(folder, basename(collector));
      await link(collector, beside).catch(() => copyFile(collector, beside));
    },
  });
  return 'missing' in built ? built : { binary: join(built.folder, startName) };
}

if (import.meta.main) {
  const built = await buildCollector(console.error);
  if ('missing' in built) {
    console.error(built.missing);
    process.exitCode = 1;
  } else {
    console.log(built.binary);
  }
}
