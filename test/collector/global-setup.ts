/** Builds the Collector before the tests that run it; without Go they are skipped, and say so. */
import type { TestProject } from 'vitest/node';
import { type BuiltCollector, buildCollector } from '../../collector/build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    builtCollector: BuiltCollector;
  }
}

export default async function setup(project: TestProject) {
  const built = await buildCollector(console.error);
  if ('missing' in built) console.error(`The tests of the Collector are skipped. ${built.missing}`);
  project.provide('builtCollector', built);
}
