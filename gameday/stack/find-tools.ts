/** Finds the external programs that a game-day stack runs. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Tools = { readonly prometheus: string; readonly promtool: string; readonly alertmanager: string };

/** Debian names the Alertmanager binary differently. */
const programs = {
  prometheus: { files: ['prometheus'], package: 'prometheus' },
  promtool: { files: ['promtool'], package: 'prometheus' },
  alertmanager: { files: ['prometheus-alertmanager', 'alertmanager'], package: 'prometheus-alertmanager' },
} as const;

/** @returns the paths, or `missing`: which programs are missing and how to install them */
export function findTools(path: string): Tools | { readonly missing: string; readonly packages: readonly string[] } {
  const found = Object.entries(programs).map(([tool, { files: names, package: from }]) => {
    const candidates = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
    return { tool, from, file: candidates.find(isExecutable) };
  });
  const absent = found.filter(({ file }) => file === undefined);
  if (absent.length > 0) {
    const packages = [...new Set(absent.map(({ from }) => from))];
    const tools = absent.map(({ tool }) => tool).join(', ');
    return { missing: `${tools} not found (Debian: apt-get install ${packages.join(' ')})`, packages };
  }
  return Object.fromEntries(found.map(({ tool, file }) => [tool, file])) as Tools;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
