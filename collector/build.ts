/** Builds the Collector with its own builder, and caches the binary until builder.yaml, go.mod or go.sum change. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { buildOnce, goEnvironment, run } from './go-builds.ts';

const here = fileURLToPath(new URL('./', import.meta.url));
const inputs = ['builder.yaml', 'go.mod', 'go.sum'].map((file) => join(here, file));

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
  return 'missing' in built ? built : { binary: join(built.folder, dist.name) };
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
