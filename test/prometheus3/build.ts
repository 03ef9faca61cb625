/** Builds Prometheus 3 and promtool from their Go module, once per version of go.mod and go.sum. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Built, buildOnce, goEnvironment, run } from '../../collector/go-builds.ts';

const here = fileURLToPath(new URL('./', import.meta.url));
const files = ['go.mod', 'go.sum'];
const programs = ['prometheus', 'promtool'];

/**
 * Builds without the web UI, which is not part of the module, and with DNS as the only service discovery: without the cloud
 * clients, compilation takes half the time.
 * @param log prints a line before a long step
 * @returns the folder of `prometheus` and `promtool`
 */
export function buildPrometheus3(log: (line: string) => void): Promise<Built> {
  return buildOnce({
    name: 'prometheus3',
    files: files.map((file) => join(here, file)),
    outputs: programs,
    log,
    async build(go, folder) {
      for (const file of files) await cp(join(here, file), join(folder, file));
      const tags = 'netgo,remove_all_sd,enable_dns_sd';
      const commands = programs.map((program) => `github.com/prometheus/prometheus/cmd/${program}`);
      await run(
        go.path,
        ['build', '-mod=readonly', '-tags', tags, '-trimpath', '-ldflags', '-s -w', '-o', `${folder}/`, ...commands],
        { cwd: folder, env: goEnvironment(), maxBuffer: 2 ** 26 },
      );
    },
  });
}
