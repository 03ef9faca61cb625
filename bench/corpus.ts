/** Downloads the corpus of the retrieval benchmark: Debian's manuals in English and Japanese, from the machine's package archive. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A package of manuals: the folder of its pages, and which pages to keep. */
export type Manual = { package: string; folder: string; keep: RegExp };

// Excluded: tables of contents and search pages (headings only), single-page copies of manuals, links to the same page under
// a second name, other languages, and untranslated chapters of translations.
const debian: readonly Manual[] = [
  {
    package: 'debian-policy',
    folder: 'usr/share/doc/debian-policy',
    keep: /^(policy\.html\/(ap|ch)-[\w-]+|policy\.html\/upgrading-checklist|perl-policy\.html\/(ap|ch)[\w-]+|menu-policy\.html\/ch\d|fhs\/fhs-3\.0|autopkgtest|copyright-format-1\.0|debconf_specification|README)\.html$/,
  },
  {
    package: 'debian-policy-ja',
    folder: 'usr/share/doc/debian-policy/ja',
    keep: /^policy\.html\/ch-(archive|binary|scope)\.html$/,
  },
  {
    package: 'developers-reference',
    folder: 'usr/share/developers-reference',
    keep: /^(?!developers-reference|index|search)[\w-]+\.html$/,
  },
  {
    package: 'developers-reference-ja',
    folder: 'usr/share/developers-reference/ja',
    keep: /^(?!developers-reference|index|search)[\w-]+\.html$/,
  },
  { package: 'debian-reference-en', folder: 'usr/share/debian-reference', keep: /^(?!index)\w+\.en\.html$/ },
  { package: 'debian-reference-ja', folder: 'usr/share/debian-reference', keep: /^(?!index)\w+\.ja\.html$/ },
  { package: 'debian-faq', folder: 'usr/share/doc/debian/FAQ', keep: /^(?!index)[\w-]+\.en\.html$/ },
  { package: 'debian-faq-ja', folder: 'usr/share/doc/debian/FAQ/ja', keep: /^(?!index)[\w-]+\.ja\.html$/ },
  { package: 'debmake-doc', folder: 'usr/share/doc/debmake-doc/html', keep: /^(?!index)\w+\.en\.html$/ },
  { package: 'maint-guide', folder: 'usr/share/doc/maint-guide/html', keep: /^(?!index)\w+\.en\.html$/ },
  { package: 'maint-guide-ja', folder: 'usr/share/doc/maint-guide-ja/html', keep: /^(?!index)\w+\.ja\.html$/ },
];

const run = promisify(execFile);

/**
 * Downloads and unpacks manuals below `cacheDir`, and returns the directory of their pages, as `<package>/<path>.html`.
 * The first run downloads about 18 MB; later runs use the cache. An interrupted run leaves no partial corpus.
 * Needs `apt-get` and `dpkg-deb`, but not root.
 *
 * @param manuals Debian's own by default
 * @param name of the directory
 * @throws {Error} with what to do when a tool, a package or its pages are missing
 */
export async function fetchCorpus(cacheDir: string, manuals = debian, name = 'manuals'): Promise<string> {
  const pages = resolve(cacheDir, name);
  const stamp = resolve(cacheDir, `${name}.json`);
  const wanted = JSON.stringify(manuals.map((manual) => [manual.package, manual.folder, manual.keep.source]));
  const have = await readFile(stamp, 'utf8').catch(() => '');
  if (existsSync(pages) && have !== '' && JSON.stringify(JSON.parse(have).manuals) === wanted) return pages;

  for (const tool of ['apt-get', 'dpkg-deb']) await needTool(tool);
  await mkdir(cacheDir, { recursive: true });
  await rm(stamp, { force: true });
  const work = await mkdtemp(resolve(cacheDir, 'fetching-'));
  try {
    await download(
      manuals.map((manual) => manual.package),
      work,
    );
    const archives = (await readdir(work)).filter((name) => name.endsWith('.deb')).sort();
    for (const manual of manuals) await unpack(manual, work, archives);
    const stampText = JSON.stringify({ archives, manuals: JSON.parse(wanted) }, null, 2);
    await writeFile(join(work, 'manuals.json'), `${stampText}\n`);
    await rm(pages, { recursive: true, force: true });
    await rename(join(work, 'manuals'), pages);
    await rename(join(work, 'manuals.json'), stamp);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return pages;
}

async function needTool(tool: string): Promise<void> {
  await run(tool, ['--version']).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'is not installed' : 'does not run';
    throw new Error(
      `${tool} ${why}. The benchmark's corpus comes from Debian packages: run it on Debian or Ubuntu, or in a ` +
        'debian:stable container (packages "apt" and "dpkg").',
      { cause },
    );
  });
}

async function download(packages: string[], into: string): Promise<void> {
  const fetch = () => run('apt-get', ['download', ...packages], { cwd: into, maxBuffer: 1 << 24 });
  try {
    await fetch();
  } catch (first) {
    // A new container has no package lists, and only root can update them.
    if (process.getuid?.() !== 0) throw unavailable(packages, first);
    await run('apt-get', ['update'], { maxBuffer: 1 << 24 }).catch((cause) => {
      throw unavailable(packages, cause);
    });
    await fetch().catch((cause) => {
      throw unavailable(packages, cause);
    });
  }
}

function unavailable(packages: string[], cause: unknown): Error {
  const detail = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1);
  return new Error(
    `The Debian packages ${packages.join(', ')} could not be downloaded${detail ? ` (apt-get: ${detail})` : ''}. ` +
      'Check the network and the sources in /etc/apt, run "sudo apt-get update", and retry.',
    { cause },
  );
}

async function unpack(manual: Manual, work: string, archives: string[]): Promise<void> {
  const archive = archives.find((name) => name.startsWith(`${manual.package}_`));
  if (archive === undefined) throw new Error(`apt-get succeeded, but there is no archive of ${manual.package}.`);
  const tree = join(work, 'trees', manual.package);
  await mkdir(tree, { recursive: true });
  await run('dpkg-deb', ['-x', join(work, archive), tree]);

  const folder = join(tree, manual.folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const kept = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => manual.keep.test(path));
  if (kept.length === 0) {
    throw new Error(`${archive} has no page in ${manual.folder}. Its layout has changed: update bench/corpus.ts.`);
  }
  for (const path of kept) {
    // A folder may be named like a page (policy.html), and readers look for *.html.
    const target = join(work, 'manuals', manual.package, path.replaceAll('.html/', '/'));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(folder, path), target);
  }
}
