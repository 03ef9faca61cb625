/** Gets Helm and the schemas before the tests that use them. Without Go the tests are skipped with a message. */
import type { TestProject } from 'vitest/node';
import { type ChartTools, chartTools } from './build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    chartTools: ChartTools;
  }
}

export default async function setup(project: TestProject) {
  const tools = await chartTools(console.error);
  if ('missing' in tools) console.error(`The tests of the Helm chart are skipped. ${tools.missing}`);
  else if ('missing' in tools.validate) console.error(`Manifests are not validated. ${tools.validate.missing}`);
  project.provide('chartTools', tools);
}
