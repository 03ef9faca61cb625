/** Prometheus's configuration for game days: the shipped one with scaled durations and local addresses. */
import { parse, stringify } from 'yaml';
import { scaledDurations } from '../../alerts/operation/scaled-durations.ts';
import { gamedayJob } from '../../services/catalogue/gameday-metrics.ts';
import { gamedayLabel } from '../gameday-label.ts';

type Options = {
  /** The text of alerts/prometheus.yml. */
  readonly shipped: string;
  readonly scale: number;
  readonly id: string;
  /** Host and port by scrape job; other jobs are omitted. */
  readonly targets: Readonly<Record<string, string>>;
  readonly alertmanager: string;
  /** Host and port of the model server, which exposes the running incident. */
  readonly model: string;
  readonly ruleFiles: readonly string[];
};

/** @throws {Error} where alerts/prometheus.yml has no scrape job for a target */
export function gamedayPrometheus({ shipped, scale, id, targets, alertmanager, model, ruleFiles }: Options): string {
  const config = parse(shipped) as {
    global: { scrape_interval: string; evaluation_interval: string };
    scrape_configs: { job_name: string }[];
  };
  const { duration } = scaledDurations(scale);
  const jobs = config.scrape_configs.map(({ job_name }) => job_name);
  const unknown = Object.keys(targets).filter((job) => !jobs.includes(job));
  if (unknown.length > 0) throw new Error(`alerts/prometheus.yml has no scrape job for ${unknown.join(', ')}`);
  const interval = duration(config.global.scrape_interval);
  return stringify({
    global: {
      scrape_interval: interval,
      // Processes do not respond faster in scaled time, so use the maximum, the interval.
      scrape_timeout: interval,
      evaluation_interval: duration(config.global.evaluation_interval),
      external_labels: { [gamedayLabel]: id },
    },
    rule_files: ruleFiles,
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [...Object.entries(targets), [gamedayJob, model] as const].map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  });
}
