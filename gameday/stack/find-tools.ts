/** Finds the programs of others that a game-day stack runs. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Tools = { readonly prometheus: string; readonly promtool: string; readonly alertmanager: string };

/** Debian calls Alertmanager by a longer name. */
const names = {
  prometheus: { called: ['prometheus'], package: 'prometheus' },
  promtool: { called: ['promtool'], package: 'prometheus' },
  alertmanager: { called: ['prometheus-alertmanager', 'alertmanager'], package: 'prometheus-alertmanager' },
} as const;

/** @returns `missing`: what to install, for a person, and the Debian packages */
export function findTools(path: string): Tools | { readonly missing: string; readonly packages: readonly string[] } {
  const found = Object.entries(names).map(([tool, { called, package: from }]) => {
    const files = path.split(delimiter).flatMap((folder) => called.map((name) => join(folder, name)));
    return { tool, from, file: files.find(isProgram) };
  });
  const absent = found.filter(({ file }) => file === undefined);
  if (absent.length > 0) {
    const packages = [...new Set(absent.map(({ from }) => from))];
    const tools = absent.map(({ tool }) => tool).join(', ');
    return { missing: `${tools} not found (Debian: apt-get install ${packages.join(' ')})`, packages };
  }
  return Object.fromEntries(found.map(({ tool, file }) => [tool, file])) as Tools;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
