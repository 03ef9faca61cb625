/** Installs Prometheus and Alertmanager where possible, and starts one game-day stack for all paging tests. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildCollector } from '../../collector/build.ts';
import { gamedayFolder, readControlFile } from '../../gameday/stack/control-file.ts';
import { findTools } from '../../gameday/stack/find-tools.ts';

export type PagingStack = {
  readonly dataDir: string;
  readonly control: { readonly url: string; readonly secret: string };
  /** Why there is no Collector; null: there is one. */
  readonly noCollector: string | null;
};

declare module 'vitest' {
  export interface ProvidedContext {
    /** Text: why there is no stack. */
    pagingStack: PagingStack | string;
  }
}

const program = fileURLToPath(new URL('../../gameday/start.ts', import.meta.url));

export default async function setup(project: TestProject) {
  const missing = installTools();
  if (missing !== null) {
    console.error(`SKIPPED: paging tests. ${missing}`);
    project.provide('pagingStack', missing);
    return;
  }
  const collector = await buildCollector(console.error);
  const noCollector = 'missing' in collector ? collector.missing : null;
  const dataDir = mkdtempSync(join(tmpdir(), 'rag-paging-'));
  const stack = spawn(process.execPath, [program, ...(noCollector === null ? ['--collector'] : [])], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir },
    // The IPC channel closes with this process, and then the stack stops cleanly.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(stack, 'exit');
  const first = await Promise.race([once(stack, 'message'), ended]);
  const control = readControlFile(gamedayFolder(dataDir));
  if (first[0] !== 'ready' || control === null)
    throw new Error('the game-day stack did not start: see the output above');
  project.provide('pagingStack', { dataDir, control, noCollector });
  return async () => {
    stack.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** @returns null: both are installed; otherwise what to install */
function installTools(): string | null {
  const found = findTools(process.env.PATH ?? '');
  if (!('missing' in found)) return null;
  if (process.getuid?.() !== 0) return found.missing;
  const apt = (...args: readonly string[]) =>
    execFileSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    apt('update', '--quiet');
    apt('install', '--yes', '--quiet', '--no-install-recommends', ...found.packages);
  } catch {
    return found.missing;
  }
  const now = findTools(process.env.PATH ?? '');
  return 'missing' in now ? now.missing : null;
}
