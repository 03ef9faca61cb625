/** Prometheus's configuration for game days: the one that is shipped, with shorter lengths of time and other addresses. */
import { parse, stringify } from 'yaml';
import { scaledDurations } from '../../alerts/operation/scaled-durations.ts';
import { gamedayJob } from '../../services/catalogue/gameday-metrics.ts';
import { markLabel } from '../mark.ts';

type Given = {
  /** alerts/prometheus.yml as it is shipped. */
  readonly shipped: string;
  readonly scale: number;
  readonly id: string;
  /** Host and port, by scrape job; jobs without one are left out. */
  readonly targets: Readonly<Record<string, string>>;
  readonly alertmanager: string;
  /** Host and port of the model server, which tells what is rehearsed. */
  readonly model: string;
  readonly ruleFiles: readonly string[];
};

/** @throws {Error} where a target's job is not one that is shipped */
export function gamedayPrometheus({ shipped, scale, id, targets, alertmanager, model, ruleFiles }: Given): string {
  const config = parse(shipped) as {
    global: { scrape_interval: string; evaluation_interval: string };
    scrape_configs: { job_name: string }[];
  };
  const { duration } = scaledDurations(scale);
  const jobs = config.scrape_configs.map(({ job_name }) => job_name);
  const unknown = Object.keys(targets).filter((job) => !jobs.includes(job));
  if (unknown.length > 0) throw new Error(`alerts/prometheus.yml scrapes no ${unknown.join(', ')}`);
  const interval = duration(config.global.scrape_interval);
  return stringify({
    global: {
      scrape_interval: interval,
      // As long as the interval, the longest that Prometheus takes: processes answer no faster because time is short.
      scrape_timeout: interval,
      evaluation_interval: duration(config.global.evaluation_interval),
      external_labels: { [markLabel]: id },
    },
    rule_files: ruleFiles,
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [...Object.entries(targets), [gamedayJob, model] as const].map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  });
}
