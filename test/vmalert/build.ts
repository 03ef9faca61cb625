/** Builds VictoriaMetrics and vmalert from their Go module, once per version of go.mod and go.sum. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Built, buildOnce, goEnvironment, run } from '../../collector/go-builds.ts';

const here = fileURLToPath(new URL('./', import.meta.url));
const files = ['go.mod', 'go.sum'];
const programs = ['victoria-metrics', 'vmalert'];

/**
 * @param log prints a line before a long step
 * @returns the folder of `victoria-metrics` and `vmalert`
 */
export function buildVmalert(log: (line: string) => void): Promise<Built> {
  return buildOnce({
    name: 'vmalert',
    files: files.map((file) => join(here, file)),
    outputs: programs,
    log,
    async build(go, folder) {
      for (const file of files) await cp(join(here, file), join(folder, file));
      const commands = programs.map((program) => `github.com/VictoriaMetrics/VictoriaMetrics/app/${program}`);
      await run(
        go.path,
        ['build', '-mod=readonly', '-trimpath', '-ldflags', '-s -w', '-o', `${folder}/`, ...commands],
        { cwd: folder, env: goEnvironment(), maxBuffer: 2 ** 26 },
      );
    },
  });
}
