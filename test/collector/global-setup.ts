/** Builds the Collector before the tests that run it. Without Go they are skipped with a message. */
import type { TestProject } from 'vitest/node';
import { type BuiltCollector, buildCollector } from '../../collector/build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    builtCollector: BuiltCollector;
  }
}

export default async function setup(project: TestProject) {
  const built = await buildCollector(console.error);
  if ('missing' in built) console.error(`SKIPPED: Collector tests. ${built.missing}`);
  project.provide('builtCollector', built);
}
