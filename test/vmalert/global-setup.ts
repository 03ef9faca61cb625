/** Builds vmalert before the tests. Without Go the tests are skipped with a message. */
import type { TestProject } from 'vitest/node';
import { buildVmalert } from './build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the programs; null: Go is not installed. */
    vmalert: string | null;
  }
}

export default async function setup(project: TestProject) {
  const built = await buildVmalert(console.error);
  if ('missing' in built) console.error(`The rules are not tested on vmalert. ${built.missing}`);
  project.provide('vmalert', 'missing' in built ? null : built.folder);
}
