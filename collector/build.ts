/** Builds the Collector with its own builder, once for each content of builder.yaml, go.mod and go.sum. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

/** Go itself says when the modules want a newer one; before 1.21 it cannot fetch that. */
const needed =
  'Go 1.25, or any from 1.21 that may fetch it (https://go.dev/dl; Debian 13 and newer: apt-get install golang)';

export type Built = { readonly binary: string } | { readonly missing: string };

/**
 * The binary stays in the user's cache folder. The first build downloads about 500 MB of modules and compiles for minutes.
 * @param tell is given a line when there is something to wait for
 * @returns `missing`: there is no Go, with what to install
 * @throws where Go is there and the build fails
 */
export async function buildCollector(tell: (line: string) => void): Promise<Built> {
  const go = await findGo();
  if (go === null) return { missing: `Go was not found; install ${needed}` };
  const { dist } = parse(await readFile(join(here, 'builder.yaml'), 'utf8')) as {
    dist: { name: string; version: string };
  };
  const folder = join(cacheFolder(), `collector-${await fingerprint(go.version)}`);
  const binary = join(folder, dist.name);
  if (await exists(binary)) return { binary };

  tell(`building the Collector with ${go.version}: minutes the first time, kept in ${folder}`);
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), 'collector-build-'));
  try {
    const config = parse(await readFile(join(here, 'builder.yaml'), 'utf8'));
    await writeFile(join(work, 'builder.yaml'), stringify({ ...config, dist: { ...dist, output_path: work } }));
    // With these the builder need not tidy, which downloads what the tests of every part use.
    for (const file of ['go.mod', 'go.sum']) await cp(join(here, file), join(work, file));
    const builder = `go.opentelemetry.io/collector/cmd/builder@v${dist.version}`;
    const options = { cwd: work, env: { ...process.env, GOFLAGS: withoutVersionControl() }, maxBuffer: 2 ** 26 };
    await run(go.path, ['run', builder, '--config', 'builder.yaml', '--skip-get-modules'], options);
    // Whoever comes second finds the folder taken by the same binary.
    await rename(work, folder).catch(async (error) => {
      if (!(await exists(binary))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { binary };
}

async function findGo(): Promise<{ path: string; version: string } | null> {
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

async function fingerprint(goVersion: string): Promise<string> {
  const hash = createHash('sha256').update(`${goVersion} ${process.platform} ${process.arch}`);
  for (const file of ['builder.yaml', 'go.mod', 'go.sum']) hash.update(await readFile(join(here, file)));
  return hash.digest('hex').slice(0, 16);
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rag-observatory');
}

/** The sources lie outside a repository, or inside somebody else's. */
function withoutVersionControl(): string {
  return `${process.env.GOFLAGS ?? ''} -buildvcs=false`.trim();
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

if (import.meta.main) {
  const built = await buildCollector(console.error);
  if ('missing' in built) {
    console.error(built.missing);
    process.exitCode = 1;
  } else {
    console.log(built.binary);
  }
}
