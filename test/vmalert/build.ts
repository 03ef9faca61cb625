/** Builds VictoriaMetrics and vmalert from their Go module, once per version of go.mod and go.sum. */
import { fileURLToPath } from 'node:url';
import { type Built, buildPrograms } from '../../collector/go-builds.ts';

/**
 * @param log prints a line before a long step
 * @returns the folder of `victoria-metrics` and `vmalert`
 */
export function buildVmalert(log: (line: string) => void): Promise<Built> {
  return buildPrograms({
    name: 'vmalert',
    pins: fileURLToPath(new URL('./', import.meta.url)),
    packages: ['victoria-metrics', 'vmalert'].map(
      (program) => `github.com/VictoriaMetrics/VictoriaMetrics/app/${program}`,
    ),
    log,
  });
}
