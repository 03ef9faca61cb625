/** The probe, which a worker runs where PROBE_URL is set. */
import type { Metric } from './metric.ts';

export const probeMetrics = {
  probes: {
    name: 'rag_probe_total',
    kind: 'counter',
    unit: '{probe}',
    help: 'Questions of the probe by result. uncited: an answer without the expected citation. failed: an error, or no answer in 30 s. refused: a 4xx, so the probe is set up wrongly. Absent without a probe.',
    labels: { service: 'open', result: ['ok', 'uncited', 'failed', 'refused'] },
  },
} as const satisfies Record<string, Metric>;
