/** Alerts on the probe: what users would get, also when none asks. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { probeMetrics } from '../../services/catalogue/probe-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { alertingService } from '../alert-objective.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function probeAlerts({ duration, service }: RuleContext): readonly Alert[] {
  const { window, least, longWindow, share, refused, silent } = limits.probe;
  const { increase, on } = service;
  const of = (range: string, ...result: readonly string[]) =>
    increase(select(probeMetrics.probes.name, { result }), duration(range));
  const common = { service: alertingService, dashboard: 'requests' } as const;
  return [
    {
      ...common,
      alert: 'RagProbeFailing',
      slo: 'probe_failing',
      severity: 'critical',
      for: '0s',
      // The counter may lack a result that is half a scrape old, so whole numbers are not compared.
      expr: [`${of(window, 'failed', 'uncited')} >= ${least - 0.5}`, `and ${on} ${of(window, 'ok')} < 0.5`].join('\n'),
      summary: `No probe got a cited answer for ${window}: users get none either.`,
      action: 'Ask the question of the probe yourself, and read the reason in the log of the worker',
    },
    {
      ...common,
      alert: 'RagProbeFailing',
      slo: 'probe_failing',
      severity: 'warning',
      for: '0s',
      expr: [
        `${of(longWindow, 'failed', 'uncited')} / (${of(longWindow, 'ok', 'failed', 'uncited')} > 0) > ${share}`,
        `and ${on} ${of(longWindow, 'failed', 'uncited')} >= ${least}`,
        `and ${on} ${of(window, 'failed', 'uncited')} > 0.5`,
      ].join('\n'),
      summary: `{{ $value | humanizePercentage }} of the probes over ${longWindow} got no cited answer.`,
      action: 'Look for a server or a model that fails alone',
    },
    {
      ...common,
      alert: 'RagProbeRefused',
      service: scrapeJobs.worker,
      slo: 'probe_refused',
      severity: 'warning',
      for: '0s',
      expr: `${of(longWindow, 'refused')} >= ${refused}`,
      summary: `The service or the identity provider refused {{ $value | printf "%.0f" }} probes over ${longWindow}, so an outage at night may be missed.`,
      action: 'Renew the token or the client credentials of the probe',
    },
    {
      ...common,
      alert: 'RagProbeSilent',
      service: scrapeJobs.worker,
      slo: 'probe_silent',
      severity: 'warning',
      for: duration(silent),
      expr: `${increase(probeMetrics.probes.name, duration(window))} == 0`,
      summary: `The worker has finished no probe for ${silent}, so an outage at night may be missed.`,
      action: 'Read the log of the worker and restart it',
    },
  ];
}
