/** What operational rules are built from: scaled durations, and aggregations that keep service and deployment apart. */
import { prometheusMetrics } from '../../services/catalogue/other-metrics.ts';
import type { Deployment } from '../../services/slo/deployment.ts';
import { limits } from '../../services/slo/limits.ts';
import { componentScope, type Scope, serviceScope } from '../promql.ts';
import { type ScaledDurations, scaledDurations } from './scaled-durations.ts';

export type RuleContext = ScaledDurations & {
  /** For counts of questions and answers. */
  readonly service: Scope;
  /** For the state of programs, databases and monitoring. */
  readonly component: Scope;
  /**
   * Counters that appeared within the window: their whole value is new. A counter that was seen in the day before is not new: after
   * a gap in Prometheus it only comes back. Nor is that of a target that Prometheus did not scrape before the window.
   */
  readonly born: (series: string, window: string) => string;
};

export function ruleContext({ scale, deployment }: { scale: number; deployment: Deployment }): RuleContext {
  const durations = scaledDurations(scale);
  const { duration } = durations;
  const before = (series: string, window: string) =>
    `last_over_time(${series}[${duration(limits.seenBefore)}] offset ${duration(window)})`;
  const { up } = prometheusMetrics;
  const target = ['job', 'instance', ...deployment.identity].join(', ');
  return {
    ...durations,
    service: serviceScope(deployment),
    component: componentScope(deployment),
    born: (series, window) =>
      `${series} unless ${before(series, window)} unless on (${target}) (${up} unless ${before(up, window)})`,
  };
}
