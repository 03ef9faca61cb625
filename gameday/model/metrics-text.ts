/** The running incident in Prometheus's text format. Every incident has a series at zero, so that none is missing before it starts. */
import { gamedayMetrics } from '../../services/catalogue/gameday-metrics.ts';
import { incidents } from '../incidents.ts';

/** @param running an incident's name; null: none */
export function metricsText(running: string | null): string {
  const { name, kind, help } = gamedayMetrics.incident;
  const series = incidents.map((each) => `${name}{incident="${each.name}"} ${each.name === running ? 1 : 0}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...series, ''].join('\n');
}
