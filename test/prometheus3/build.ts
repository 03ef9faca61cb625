/** Builds Prometheus 3 and promtool from their Go module, once per version of go.mod and go.sum. */
import { fileURLToPath } from 'node:url';
import { type Built, buildPrograms } from '../../collector/go-builds.ts';

/**
 * Builds without the web UI, which is not part of the module, and with DNS as the only service discovery: without the cloud
 * clients, compilation takes half the time.
 * @param log prints a line before a long step
 * @returns the folder of `prometheus` and `promtool`
 */
export function buildPrometheus3(log: (line: string) => void): Promise<Built> {
  return buildPrograms({
    name: 'prometheus3',
    pins: fileURLToPath(new URL('./', import.meta.url)),
    packages: ['prometheus', 'promtool'].map((program) => `github.com/prometheus/prometheus/cmd/${program}`),
    tags: ['netgo', 'remove_all_sd', 'enable_dns_sd'],
    log,
  });
}
