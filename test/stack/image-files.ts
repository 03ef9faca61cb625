/** Copies the files of the image into a folder, so that tests run the programs without other files. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { read, root } from './stack-files.ts';

/** @returns the folder, deleted after the test. node_modules is a link, so it includes development dependencies. */
export function copyImageFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [, lastStage = ''] = read('Dockerfile').split(/^FROM .*(?<!AS dependencies)$/m);
  for (const [, sources = ''] of lastStage.matchAll(/^COPY (?!--from)(.*) \S+$/gm)) {
    for (const source of sources.split(' ')) {
      const filter = (path: string) => !path.endsWith('.test.ts');
      cpSync(join(root, source), join(folder, source), { recursive: true, filter });
    }
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
