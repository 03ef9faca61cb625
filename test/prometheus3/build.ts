/** Builds Prometheus 3 and its promtool from their Go module, once for each content of go.mod and go.sum. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Built, buildOnce, goEnvironment, run } from '../../collector/go-builds.ts';

const here = fileURLToPath(new URL('./', import.meta.url));
const files = ['go.mod', 'go.sum'];
const programs = ['prometheus', 'promtool'];

/**
 * Without the web pages, which are no part of the module, and of service discovery with DNS, which our configuration uses:
 * without the clients of the clouds it is compiled in half the time.
 * @param tell is given a line when there is something to wait for
 * @returns the folder that holds `prometheus` and `promtool`
 */
export function buildPrometheus3(tell: (line: string) => void): Promise<Built> {
  return buildOnce({
    name: 'prometheus3',
    files: files.map((file) => join(here, file)),
    made: programs,
    tell,
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
