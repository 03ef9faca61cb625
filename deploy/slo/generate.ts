/** `cli -- slo generate`: everything that is compiled from the objectives, in a folder outside the checkout. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compileArtifacts } from '../../alerts/compile-artifacts.ts';
import { placeOutput } from '../../alerts/place-output.ts';
import { defaultContext } from '../../dashboards/context.ts';
import { dashboardFiles } from '../../dashboards/outputs.ts';

/**
 * Runbooks start from the shipped ones, so that their hand-written parts stay. The runbook of a new objective is a stub.
 * @returns the paths written
 */
export function generate(dir: string): readonly string[] {
  const shipped = (path: string) => {
    const file = new URL(`../../${path}`, import.meta.url);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  const files = [
    ...compileArtifacts().map((output) => ({
      path: placeOf(output.path),
      text: placeOutput(output, shipped(output.path)),
    })),
    ...dashboardFiles(defaultContext()).map(({ path, text }) => ({ path: path.replace('generated/', ''), text })),
  ];
  return files.map(({ path, text }) => {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}

function placeOf(path: string): string {
  if (path.endsWith('-rules.yml')) return `rules/${basename(path)}`;
  return path.startsWith('docs/runbooks/') ? `runbooks/${basename(path)}` : basename(path);
}
