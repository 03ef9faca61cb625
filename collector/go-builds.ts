/** What builds of Go programs share: which Go is there, where what was built is kept, and under which name. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/** Go itself says when the modules want a newer one; before 1.21 it cannot fetch that. */
const needed =
  'Go 1.25, or any from 1.21 that may fetch it (https://go.dev/dl; Debian 13 and newer: apt-get install golang)';

export type Go = { readonly path: string; readonly version: string };

/** `missing`: there is no Go, with what to install. */
export type Built = { readonly folder: string } | { readonly missing: string };

/**
 * Builds once for each content of some files, and keeps the result in the user's cache folder.
 * @param given.name what is built; its folder begins with it
 * @param given.files whose content decides
 * @param given.made files that are in the folder when all is built
 * @param given.build puts them into an empty folder
 * @param given.tell is given a line when there is something to wait for
 * @throws where Go is there and the build fails
 */
export async function buildOnce({
  name,
  files,
  made,
  build,
  tell,
}: {
  name: string;
  files: readonly string[];
  made: readonly string[];
  build: (go: Go, folder: string) => Promise<void>;
  tell: (line: string) => void;
}): Promise<Built> {
  const go = await findGo();
  if (go === null) return { missing: `Go was not found; install ${needed}` };
  const folder = join(cacheFolder(), `${name}-${await fingerprint(go.version, files)}`);
  const isBuilt = async () => (await Promise.all(made.map((file) => exists(join(folder, file))))).every(Boolean);
  if (await isBuilt()) return { folder };

  tell(`building ${name} with ${go.version}: minutes the first time, kept in ${folder}`);
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), `${name}-build-`));
  try {
    await build(go, work);
    // Whoever comes second finds the folder taken by the same programs.
    await rename(work, folder).catch(async (error) => {
      if (!(await isBuilt())) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { folder };
}

/** The sources lie outside a repository, or inside somebody else's. */
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
