/** Builds Go programs and caches the results in the user's cache folder. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/** Go 1.21 and newer downloads the version that the modules need. */
const needed =
  'Go 1.25, or Go 1.21 with network access (https://go.dev/dl; Debian 13 and newer: apt-get install golang)';

export type Go = { readonly path: string; readonly version: string };

/** `missing`: Go is not installed, with what to install. */
export type Built = { readonly folder: string } | { readonly missing: string };

/**
 * Builds once for each version of the input files, and caches the result.
 * @param options.name prefix of the cache folder
 * @param options.files input files; a change causes a new build
 * @param options.outputs files that a complete build contains
 * @param options.build writes them into an empty folder
 * @param options.log receives a line before a build starts
 * @throws {Error} where Go is installed and the build fails
 */
export async function buildOnce({
  name,
  files,
  outputs,
  build,
  log,
}: {
  name: string;
  files: readonly string[];
  outputs: readonly string[];
  build: (go: Go, folder: string) => Promise<void>;
  log: (line: string) => void;
}): Promise<Built> {
  const go = await findGo();
  if (go === null) return { missing: `Go is not installed. Install ${needed}` };
  const folder = join(cacheFolder(), `${name}-${await fingerprint(go.version, files)}`);
  const isBuilt = async () => (await Promise.all(outputs.map((file) => exists(join(folder, file))))).every(Boolean);
  if (await isBuilt()) return { folder };

  log(`Building ${name} with ${go.version}. This takes minutes; the result is cached in ${folder}.`);
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), `${name}-build-`));
  try {
    await build(go, work);
    // A parallel build may have created the folder first, with the same programs.
    await rename(work, folder).catch(async (error) => {
      if (!(await isBuilt())) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { folder };
}

/**
 * Builds programs of a Go module, once per version of the go.mod and go.sum that pin it.
 * @param options.pins the folder of go.mod and go.sum, with a slash at the end
 * @param options.packages the import path of each program; its last part is the program's name
 * @param options.tags build tags
 */
export function buildPrograms({
  name,
  pins,
  packages,
  tags = [],
  log,
}: {
  name: string;
  pins: string;
  packages: readonly string[];
  tags?: readonly string[];
  log: (line: string) => void;
}): Promise<Built> {
  const files = ['go.mod', 'go.sum'];
  return buildOnce({
    name,
    files: files.map((file) => join(pins, file)),
    outputs: packages.map((path) => basename(path)),
    log,
    async build(go, folder) {
      for (const file of files) await cp(join(pins, file), join(folder, file));
      const flags = ['-mod=readonly', '-tags', tags.join(','), '-trimpath', '-ldflags', '-s -w', '-o', `${folder}/`];
      await run(go.path, ['build', ...flags, ...packages], {
        cwd: folder,
        env: goEnvironment(),
        maxBuffer: 2 ** 26,
      });
    },
  });
}

/** Without VCS stamping, because the build folder is outside a repository or inside an unrelated one. */
export function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOFLAGS: `${process.env.GOFLAGS ?? ''} -buildvcs=false`.trim() };
}

async function findGo(): Promise<Go | null> {
  for (const path of ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    const version = await run(path, ['env', 'GOVERSION']).then(
      ({ stdout }) => stdout.trim(),
      () => null,
    );
    const minor = Number(/^go1\.(\d+)/.exec(version ?? '')?.[1] ?? 0);
    if (version !== null && minor >= 21) return { path, version };
  }
  return null;
}

async function fingerprint(goVersion: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(`${goVersion} ${process.platform} ${process.arch}`);
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rag-observatory');
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
